#include "check/text/failure_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/results.hpp"
#include "check/text/summary_text.hpp"
#include "program/shell.hpp"

namespace {

using dflare::Expectation;
using dflare::Options;
using dflare::Outcome;
using dflare::SearchResult;
using dflare::SeedResult;
using dflare::checking::failure_text;
using dflare::checking::judge;
using dflare::checking::MessageContext;
using dflare::checking::replay_line;
using dflare::checking::runtime_text;
using dflare::test::as_seen;
using dflare::test::deviating;
using dflare::test::seed_result;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string files =
    " --dflare_original=/models/lenet5.pt --dflare_compressed=/models/lenet5_int8.pt";

struct Context : MessageContext {
  std::string assertion = "EXPECT_NO_DEVIATION(original, compressed, seeds)";
};

Context context() {
  Context c;
  c.original.name = "models/lenet5.pt";
  c.original.path = "/models/lenet5.pt";
  c.original.backend = "TorchScript";
  c.original.runtime = "LibTorch 1.13.1";
  c.original.device = "cpu";
  c.compressed = c.original;
  c.compressed.name = "models/lenet5_int8.pt";
  c.compressed.path = "/models/lenet5_int8.pt";
  c.compressed.engine = "onednn";
  c.seeds = "images of t10k.gz";
  c.id_of = [](std::size_t position) { return std::to_string(position); };
  c.folder = "/out/Digits.Int8";
  return c;
}

std::string message(const SearchResult& result, const Context& c = context(),
                    const Expectation& expectation = {}) {
  MessageContext of_expectation = c;
  of_expectation.expectation = expectation;
  return c.assertion + "\n" +
         failure_text(of_expectation, result, judge(result, expectation, c.options, false));
}

TEST(RuntimeText, SaysNothingTwice) {
  dflare::ModelInfo info = context().compressed;
  EXPECT_EQ(runtime_text(info), "TorchScript, LibTorch 1.13.1, engine onednn");
  info.backend = "OpenVINO";
  info.runtime = "OpenVINO 2026.4.1";
  info.engine.clear();
  info.isolated = true;
  info.device = "gpu";
  EXPECT_EQ(runtime_text(info), "OpenVINO 2026.4.1, isolated, gpu");
  EXPECT_EQ(runtime_text({}), "");
}

TEST(RuntimeText, SaysWhatIsNotOrdinaryOfTheAnswers) {
  dflare::ModelInfo info = context().original;
  for (const char* usual : {"", "logits", "log-probabilities", "probabilities in steps of 1/256"}) {
    info.scores = usual;
    EXPECT_EQ(runtime_text(info), "TorchScript, LibTorch 1.13.1") << usual;
  }
  info.scores = "a sigmoid for each class";
  EXPECT_EQ(runtime_text(info), "TorchScript, LibTorch 1.13.1, a sigmoid for each class");
  info.one_by_one = true;
  EXPECT_EQ(runtime_text(info),
            "TorchScript, LibTorch 1.13.1, a sigmoid for each class, images evaluated alone");
}

TEST(FailureMessage, AProcessIsReplayedByTheManifestOrWithTrust) {
  Context c = context();
  c.compressed.path.clear();
  c.compressed.process.words = {"serve"};
  const std::string trusting =
      "dflare-test --dflare_replay=/out/Digits.Int8/17 --dflare_original="
      "/models/lenet5.pt --dflare_trust_recorded";
  EXPECT_EQ(replay_line(c, "17"), trusting);
  c.compressed.process.words.clear();
  EXPECT_THAT(replay_line(c, "17"), HasSubstr("for these models are in memory"));
  c.compressed.server.url = "http://localhost:1";
  EXPECT_EQ(replay_line(c, "17"), trusting);
  // The manifest names what is to be run.
  c.manifest = "/a b/pairs.yaml";
  EXPECT_EQ(replay_line(c, "17"),
            "dflare-test '/a b/pairs.yaml' --dflare_replay=/out/Digits.Int8/17");
}

TEST(FailureMessage, ShowsEverythingThatAPersonCanActOn) {
  SearchResult result;
  result.seeds = {seed_result(3, Outcome::not_found, 1000),
                  deviating(17, Outcome::found, 0.38, 12),
                  deviating(204, Outcome::as_it_is, 0.41, 0),
                  deviating(250, Outcome::found, 0.000412, 5),
                  seed_result(9, Outcome::error),
                  seed_result(10, Outcome::skipped),
                  seed_result(11, Outcome::partly_searched)};
  result.seeds[4].why = std::make_shared<const std::string>("the model answered NaN");
  for (SeedResult& seed : result.seeds) {
    if (seed.outcome != Outcome::error) seed = as_seen(seed, 7, 7, 7);
  }
  result.seeds[2] = as_seen(result.seeds[2], 7, 2, 2);
  result.seeds[3] = as_seen(result.seeds[3], 7, 7, 3);
  Context c = context();
  c.remarks = {"20 images in deeper folders are left out"};
  c.failure_images["9"] = "/out/Digits.Int8/failures/9/image.png";
  c.mutants = {{"17", "rotation 12.3 degrees"}, {"250", "median_blur x2"}};

  EXPECT_EQ(message(result, c), R"(EXPECT_NO_DEVIATION(original, compressed, seeds)
  original    models/lenet5.pt       TorchScript, LibTorch 1.13.1
  compressed  models/lenet5_int8.pt  TorchScript, LibTorch 1.13.1, engine onednn
  seeds       7 images of t10k.gz
  note        20 images in deeper folders are left out
3 of 5 seed inputs lead to a deviation (60.0 %, 95 % interval 14.7 to 94.7 %); 2 found by search, after 8.5 queries (median; mean 8.5); 1 deviates as it is.
The models agree on 5 of the 6 seed inputs that were evaluated as they are (83.3 %); accuracy: original 66.7 %, compressed 83.3 %.
Of the 3 deviations of known class, the original is right in 1, the compressed model in 1, neither in 1.
1 of 7 seed inputs ended in an error, and nothing is known of it.
Of 7 seed inputs: 1 partly searched, 1 skipped.
The error:
  seed 9: the model answered NaN
    image: /out/Digits.Int8/failures/9/image.png
They are, largest regret first:
  seed  original    compressed  regret    margin    queries  L-inf  SSIM   mutant
  204   7 (62.5 %)  2 (71.0 %)  0.41      0.205     -        -      -      the seed input itself, as it is
  17    7 (62.5 %)  2 (71.0 %)  0.38      0.19      12       34     0.930  rotation 12.3 degrees
  250   7 (62.5 %)  2 (71.0 %)  0.000412  0.000206  5        34     0.930  median_blur x2
Pictures: /out/Digits.Int8
Replay the first:  dflare-test --dflare_replay=/out/Digits.Int8/204)" +
                                    files + R"(
Asked for was any difference of labels, anywhere, and every lossy pair has one. everyday() (in a manifest: preset: everyday) asks for clear differences under everyday changes; docs/assertions.md says which assertion to choose.)");
}

TEST(FailureMessage, OfABoundOnTheRegretShowsTheWorst) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.02, 200), seed_result(2, Outcome::not_found, 200),
                  deviating(3, Outcome::found, 0.3, 100), seed_result(4, Outcome::not_found, 200)};
  result.seeds[1].paths = 4;
  result.seeds[2].cut_short = true;
  result.seeds[3].paths = 5;
  Context c = context();
  c.assertion = "EXPECT_WORST_DEVIATION_LE(original, compressed, seeds, 0.2, options)";
  c.options.objective(dflare::Objective::worst).queries(200).rotate(10).seconds(1.5);
  c.mutants = {{"1", "rotated 3 degrees"}, {"3", "rotated 9 degrees"}};
  EXPECT_EQ(message(result, c, Expectation::worst_le(0.2)),
            R"(EXPECT_WORST_DEVIATION_LE(original, compressed, seeds, 0.2, options)
  original    models/lenet5.pt       TorchScript, LibTorch 1.13.1
  compressed  models/lenet5_int8.pt  TorchScript, LibTorch 1.13.1, engine onednn
  seeds       4 images of t10k.gz
  asked for   objective worst; rotate 10 degrees; 200 queries a seed input
2 of 4 seed inputs lead to a deviation (50.0 %, 95 % interval 6.8 to 93.2 %); 2 found by search, with 150 queries each (mean); 2 seed inputs without a deviation after 4.5 paths each (mean); largest regret found 0.3, mean worst regret 0.08 (95 % interval 0 to 0.314).
1 seed input leads to a deviation of a regret above 0.2, the largest allowed: the worst has 0.3.
Of 4 seed inputs: 1 cut short.
A larger budget (seconds 1.5) may show more: it ended searches that could go on.
They are, largest regret first:
  seed  original    compressed  regret  margin  queries  L-inf  SSIM   mutant
  3     7 (62.5 %)  2 (71.0 %)  0.3     0.15    100      34     0.930  rotated 9 degrees
  1     7 (62.5 %)  2 (71.0 %)  0.02    0.01    200      34     0.930  rotated 3 degrees
Pictures: /out/Digits.Int8
Replay the first:  dflare-test --dflare_replay=/out/Digits.Int8/3)" +
                files);
}

TEST(FailureMessage, OfABoundOnTheMarginIsOfTheMargin) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.9, 200), deviating(2, Outcome::found, 0.8, 200)};
  result.seeds[1].margin = 0.5;
  Context c = context();
  c.options.objective(dflare::Objective::worst).margin(0.1);
  const std::string text = message(result, c, Expectation::worst_le(0.2));
  EXPECT_THAT(text, HasSubstr("; largest margin found 0.5, mean worst margin 0.475 (95 % "));
  EXPECT_THAT(text, HasSubstr("\n2 seed inputs lead to a deviation of a margin above 0.2, the "
                              "largest allowed: the worst has 0.5.\n"));
  EXPECT_THAT(text, HasSubstr("They are, largest margin first:\n"
                              "  seed  original    compressed  regret  margin  queries"));
  EXPECT_LT(text.find("\n  2 "), text.find("\n  1 "));
}

TEST(FailureMessage, WithoutAnEvaluatedSeedInputSaysNothingOfLabels) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1)};
  const std::string text = message(result);
  EXPECT_THAT(text, Not(HasSubstr("The models agree")));
  EXPECT_THAT(text, Not(HasSubstr("of known class")));
}

TEST(FailureMessage, SaysHowToChooseWhereAnyDifferenceFails) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1)};
  const std::string advice = "and every lossy pair has one. everyday()";
  Context c = context();
  EXPECT_THAT(message(result, c), HasSubstr(advice));
  EXPECT_THAT(message(result, c, Expectation::rate_le(0.1)), Not(HasSubstr(advice)));
  for (const Options& options :
       {Options().regret(0.2), Options().l_inf(8), Options().rotate(10), dflare::everyday(),
        Options().objective(dflare::Objective::worst)}) {
    c.options = options;
    EXPECT_THAT(message(result, c), Not(HasSubstr(advice))) << options.criterion().text();
  }
  result.seeds = {seed_result(1, Outcome::error)};
  result.seeds[0].why = std::make_shared<const std::string>("broken");
  EXPECT_THAT(message(result, context()), Not(HasSubstr(advice)));
}

TEST(FailureMessage, IsValidUtf8OnItsOwnLinesWhateverItQuotes) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1), seed_result(2, Outcome::error)};
  result.seeds[1].why = std::make_shared<const std::string>("first\n\x1b[31msecond\xff");
  Context c = context();
  c.original.name = "a\xe9.pt";
  c.seeds = "images of b\nb";
  c.folder = "/out/c\xff";
  c.id_of = [](std::size_t) { return "d\nd"; };
  c.remarks = {"e\ne"};
  const std::string text = message(result, c);
  EXPECT_THAT(text, HasSubstr("  original    a\xef\xbf\xbd.pt "));
  EXPECT_THAT(text, HasSubstr("  seeds       2 images of b b\n"));
  EXPECT_THAT(text, HasSubstr("  note        e e\n"));
  EXPECT_THAT(text, HasSubstr("  seed d d: first \\x1b[31msecond\xef\xbf\xbd\n"));
  EXPECT_THAT(text, HasSubstr("\n  d d   7 (62.5 %)"));
  EXPECT_THAT(text, HasSubstr("Pictures: /out/c\xef\xbf\xbd\n"));
  // A line to paste has the bytes themselves.
  EXPECT_THAT(text,
              HasSubstr("dflare-test --dflare_replay=$'/out/c\\xff/d%0Ad' --dflare_original="));
}

TEST(FailureMessage, OfABoundOnTheDistanceShowsTheNearest) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 200), deviating(2, Outcome::found, 0.1, 200),
                  deviating(3, Outcome::as_it_is, 0.2, 0)};
  result.seeds[0].closeness = 12.25;
  result.seeds[1].closeness = 3.5;
  Context c = context();
  c.options.objective(dflare::Objective::closest).queries(1);
  EXPECT_THAT(message(result, c, Expectation::closest_ge(5)), HasSubstr(R"(
  asked for   objective closest by L2; 1 query a seed input
3 of 3 seed inputs lead to a deviation (100.0 %, 95 % interval 29.2 to 100.0 %); 2 found by search, with 200 queries each (mean); 1 deviates as it is; closest at L2 0, mean 5.25.
2 seed inputs lead to a deviation nearer than L2 5, the nearest allowed: the closest is at L2 0.
They are, nearest first:
  seed  original    compressed  L2     regret  margin  queries  L-inf  SSIM   mutant
  3     7 (62.5 %)  2 (71.0 %)  0      0.2     0.1     -        -      -      the seed input itself, as it is
  2     7 (62.5 %)  2 (71.0 %)  3.5    0.1     0.05    200      34     0.930
  1     7 (62.5 %)  2 (71.0 %)  12.25  0.5     0.25    200      34     0.930
)"));
}

TEST(FailureMessage, TheColumnOfTheDistanceIsTheOneAskedFor) {
  SearchResult result;
  for (std::size_t i = 0; i < 6; ++i)
    result.seeds.push_back(deviating(i, Outcome::found, 0.5, 200));
  Context c = context();
  c.options.objective(dflare::Objective::closest).closest_by(dflare::Distance::strength);
  EXPECT_THAT(message(result, c, Expectation::closest_ge(5)),
              HasSubstr("The 5 nearest to their seed inputs:\n  seed  original    compressed  "
                        "strength  regret  margin  queries  L-inf"));
  c.options.closest_by(dflare::Distance::l_inf);
  EXPECT_THAT(message(result, c, Expectation::closest_ge(5)),
              HasSubstr("compressed  regret  margin  queries  L-inf"));
}

TEST(FailureMessage, SaysWhatWasAskedForWhereThatIsNotTheDefault) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1)};
  Context c = context();
  c.options.queries(7).strategy("dflare").rng_seed(3);
  EXPECT_THAT(message(result, c), Not(HasSubstr("asked for")));
  c.options = dflare::everyday();
  EXPECT_THAT(message(result, c),
              HasSubstr("\n  asked for   regret >= 0.2; rotate 10 degrees, translate 7.14 % of the "
                        "side, scale 1.1, contrast 1.2, brightness 10 grey levels; 20 queries a "
                        "seed input\n"));
  c.options = Options().l_inf(8).l2(300).changed_pixels(5).ssim(0.9).translate(2).shear(0.25);
  EXPECT_THAT(message(result, c),
              HasSubstr("\n  asked for   L-inf <= 8, L2 <= 300, at most 5 changed pixels, SSIM >= "
                        "0.9; translate 2 px, shear 0.25; 1000 queries a seed input\n"));
}

TEST(FailureMessage, AdviceNamesTheBudgetsThatAreSet) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1), seed_result(2, Outcome::not_begun)};
  Context c = context();
  EXPECT_THAT(message(result, c), Not(HasSubstr("A larger budget")));
  c.options.queries_in_all(500).seconds_per_seed(0.5);
  EXPECT_THAT(
      message(result, c),
      HasSubstr("A larger budget (queries_in_all 500, seconds_per_seed 0.5) may show more"));
  result.seeds.pop_back();
  EXPECT_THAT(message(result, c), Not(HasSubstr("A larger budget")));
}

TEST(FailureMessage, ALongListIsCutAndSaysSo) {
  SearchResult result;
  for (int i = 0; i < 7; ++i)
    result.seeds.push_back(
        deviating(static_cast<std::size_t>(i), Outcome::found, 0.1 * (i + 1), 3));
  const std::string text = message(result);
  EXPECT_THAT(text, HasSubstr("The 5 of largest regret:\n"));
  EXPECT_THAT(text, HasSubstr("\n  6 "));
  EXPECT_THAT(text, HasSubstr("\n  2 "));
  EXPECT_THAT(text, Not(HasSubstr("\n  1 ")));
  EXPECT_THAT(text, HasSubstr("\n  ... 2 more\n"));
}

TEST(FailureMessage, ManyErrorsAreCutAndItSaysSo) {
  SearchResult result;
  for (int i = 0; i < 5; ++i) {
    result.seeds.push_back(seed_result(static_cast<std::size_t>(i), Outcome::error));
    result.seeds.back().why = std::make_shared<const std::string>("broken");
  }
  Context c = context();
  c.id_of = [](std::size_t position) { return "s" + std::to_string(position); };
  const std::string text = message(result, c);
  EXPECT_THAT(text, HasSubstr("seed s2: broken\n"));
  EXPECT_THAT(text, Not(HasSubstr("seed s3")));
  EXPECT_THAT(text, HasSubstr("... 2 more"));
  EXPECT_THAT(text, Not(HasSubstr("Replay")));
}

TEST(FailureMessage, SaysWhyARateFails) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.2, 4), seed_result(2, Outcome::not_found)};
  const std::string text = message(result, context(), Expectation::rate_le(0.03));
  EXPECT_THAT(
      text,
      HasSubstr("1 of 2 seed inputs leads to a deviation (50.0 %, 95 % interval 1.3 to 98.7 %)"));
  EXPECT_THAT(text, HasSubstr("The deviation rate 0.5 is above 0.03, the highest allowed.\n"));
  EXPECT_THAT(text, HasSubstr("It is:\n"));
  EXPECT_THAT(text, HasSubstr("Replay the finding:  dflare-test"));
}

TEST(FailureMessage, SaysWhereThereAreNoPictures) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.2, 4)};
  Context c = context();
  c.folder.clear();
  EXPECT_THAT(message(result, c), HasSubstr("Pictures: none, because write_findings is false"));
  EXPECT_THAT(message(result, c), Not(HasSubstr("Replay")));
}

TEST(FailureMessage, ModelsInMemoryAreReplayedFromTheirProgram) {
  SearchResult result;
  result.seeds = {deviating(0, Outcome::found, 0.2, 4)};
  Context c = context();
  c.id_of = [](std::size_t) { return "a b"; };
  c.compressed.path.clear();
  EXPECT_THAT(
      message(result, c),
      HasSubstr(
          "Replay the finding:  dflare::replay(\"/out/Digits.Int8/a%20b\", original, compressed)"));
}

TEST(FailureMessage, TheReplayLineCanBePasted) {
  Context c = context();
  c.folder = "/it's here/out";
  EXPECT_EQ(dflare::checking::replay_line(c, "5"),
            "dflare-test --dflare_replay='/it'\\''s here/out/5'" + files);
}

TEST(ShellQuoted, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(dflare::shell_quoted("d\xc3\xa9j\xc3\xa0"), "'d\xc3\xa9j\xc3\xa0'");
  EXPECT_EQ(dflare::shell_quoted("it's\\\xff\n1"), "$'it\\'s\\\\\\xff\\x0a1'");
  EXPECT_EQ(dflare::shell_quoted("/a/b-1_2.x"), "/a/b-1_2.x");
  EXPECT_EQ(dflare::shell_quoted(""), "''");
  EXPECT_EQ(dflare::shell_quoted("$HOME"), "'$HOME'");
}

TEST(SummaryLine, SaysThatNothingWasFound) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  EXPECT_EQ(dflare::checking::summary_line(summarise(result), Options()),
            "none of 2 seed inputs leads to a deviation (95 % interval 0.0 to 84.2 %)");
  EXPECT_EQ(dflare::checking::summary_line(summarise(SearchResult()), Options()),
            "none of 0 seed inputs could be judged");
}

TEST(SummaryLine, SaysHowManyPathsWereTriedInVain) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  result.seeds[0].paths = 8;
  result.seeds[1].paths = 5;
  EXPECT_EQ(dflare::checking::summary_line(summarise(result), Options()),
            "none of 2 seed inputs leads to a deviation (95 % interval 0.0 to 84.2 %); 2 seed "
            "inputs without a deviation after 6.5 paths each (mean)");
}

TEST(SummaryLine, CountsGradientsWhereThereAreAny) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 4)};
  result.seeds[0].gradients = 3;
  EXPECT_THAT(dflare::checking::summary_line(summarise(result), Options()),
              HasSubstr("after 4 queries (median; mean 4.0) and 3 gradients (mean)"));
}

TEST(SummaryLine, RanksCompressionsByTheMeanWorstRegretEvenWhereNothingDeviates) {
  const Options worst = Options().objective(dflare::Objective::worst);
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  EXPECT_THAT(dflare::checking::summary_line(summarise(result), worst),
              HasSubstr("; largest regret found 0, mean worst regret 0 (95 % interval 0 to 0)"));
  EXPECT_THAT(dflare::checking::summary_line(summarise(result),
                                             Options().objective(dflare::Objective::closest)),
              Not(HasSubstr("closest")));
}

TEST(Reservation, IsEmptyWhereAllWasSearched) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found)};
  EXPECT_EQ(dflare::checking::reservation(summarise(result)), "");
  result.seeds.push_back(seed_result(2, Outcome::not_begun));
  EXPECT_EQ(dflare::checking::reservation(summarise(result)), "1 not begun");
}

}  // namespace
