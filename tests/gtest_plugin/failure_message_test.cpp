#include "failure_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gtest_plugin/results.hpp"

namespace {

using dflare::Options;
using dflare::Outcome;
using dflare::SearchResult;
using dflare::gtest::Expectation;
using dflare::gtest::failure_message;
using dflare::gtest::MessageContext;
using dflare::gtest::replay_line;
using dflare::gtest::runtime_text;
using dflare::test::deviating;
using dflare::test::distance_ge;
using dflare::test::margin_le;
using dflare::test::rate_le;
using dflare::test::seed_result;
using ::testing::HasSubstr;
using ::testing::Not;

MessageContext context() {
  MessageContext c;
  c.assertion = "EXPECT_NO_DEVIATION(original, compressed, seeds)";
  c.original.path = c.original.name = "models/lenet5.pt";
  c.original.backend = "TorchScript";
  c.original.runtime = "LibTorch 1.13.1";
  c.original.device = "cpu";
  c.compressed = c.original;
  c.compressed.path = c.compressed.name = "models/lenet5_int8.pt";
  c.compressed.engine = "onednn";
  c.seeds = "images of t10k.gz";
  c.id_of = [](std::size_t position) { return std::to_string(position); };
  c.folder = "/out/Digits.Int8";
  return c;
}

std::string message(const SearchResult& result, const MessageContext& c = context(),
                    const Expectation& expectation = {}) {
  return failure_message(c, result, judge(result, expectation, c.options, false));
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

TEST(FailureMessage, AProcessIsReplayedLikeAFile) {
  MessageContext c = context();
  c.compressed.path.clear();
  c.compressed.process.words = {"serve"};
  EXPECT_EQ(replay_line(c, "17"), "dflare-test --dflare_replay=/out/Digits.Int8/17");
  c.compressed.process.words.clear();
  EXPECT_THAT(replay_line(c, "17"), HasSubstr("for these models are in memory"));
  c.compressed.server.url = "http://localhost:1";
  EXPECT_EQ(replay_line(c, "17"), "dflare-test --dflare_replay=/out/Digits.Int8/17");
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
  MessageContext c = context();
  c.failure_images["9"] = "/out/Digits.Int8/failures/9/image.png";
  c.mutants = {{"17", "rotation 12.3 degrees"}, {"250", "median_blur x2"}};

  EXPECT_EQ(message(result, c), R"(EXPECT_NO_DEVIATION(original, compressed, seeds)
  original    models/lenet5.pt       TorchScript, LibTorch 1.13.1
  compressed  models/lenet5_int8.pt  TorchScript, LibTorch 1.13.1, engine onednn
  seeds       7 images of t10k.gz
3 of 5 seed inputs lead to a deviation (60.0 %, 95 % interval 14.7 to 94.7 %); 2 found by search, after 8.5 queries (median; mean 8.5); 1 deviates as it is.
1 of 7 seed inputs ended in an error, and nothing is known of it.
Of 7 seed inputs: 1 partly searched, 1 skipped.
The error:
  seed 9: the model answered NaN
    image: /out/Digits.Int8/failures/9/image.png
They are, largest margin first:
  seed  original    compressed  margin    queries  L-inf  SSIM   mutant
  204   7 (62.5 %)  2 (71.0 %)  0.41      -        -      -      the seed input itself, as it is
  17    7 (62.5 %)  2 (71.0 %)  0.38      12       34     0.930  rotation 12.3 degrees
  250   7 (62.5 %)  2 (71.0 %)  0.000412  5        34     0.930  median_blur x2
Pictures: /out/Digits.Int8
Replay the first:  dflare-test --dflare_replay=/out/Digits.Int8/204)");
}

TEST(FailureMessage, OfABoundOnTheMarginShowsTheWorst) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.02, 200), seed_result(2, Outcome::not_found, 200),
                  deviating(3, Outcome::found, 0.3, 100), seed_result(4, Outcome::not_found, 200)};
  result.seeds[1].paths = 4;
  result.seeds[2].cut_short = true;
  result.seeds[3].paths = 5;
  MessageContext c = context();
  c.assertion = "EXPECT_WORST_DEVIATION_LE(original, compressed, seeds, 0.2, options)";
  c.options.objective(dflare::Objective::worst).queries(200).rotate(10).seconds(1.5);
  c.mutants = {{"1", "rotated 3 degrees"}, {"3", "rotated 9 degrees"}};
  EXPECT_EQ(message(result, c, margin_le(0.2)),
            R"(EXPECT_WORST_DEVIATION_LE(original, compressed, seeds, 0.2, options)
  original    models/lenet5.pt       TorchScript, LibTorch 1.13.1
  compressed  models/lenet5_int8.pt  TorchScript, LibTorch 1.13.1, engine onednn
  seeds       4 images of t10k.gz
  asked for   objective worst; rotate 10 degrees; 200 queries a seed input
2 of 4 seed inputs lead to a deviation (50.0 %, 95 % interval 6.8 to 93.2 %); 2 found by search, with 150 queries each (mean); 2 seed inputs without a deviation after 4.5 paths each (mean); largest margin found 0.3, mean 0.08 (95 % interval 0 to 0.314).
1 seed input leads to a deviation of a margin above 0.2, the largest allowed: the worst has 0.3.
Of 4 seed inputs: 1 cut short.
A larger budget (seconds 1.5) may show more: it ended searches that could go on.
They are, largest margin first:
  seed  original    compressed  margin  queries  L-inf  SSIM   mutant
  3     7 (62.5 %)  2 (71.0 %)  0.3     100      34     0.930  rotated 9 degrees
  1     7 (62.5 %)  2 (71.0 %)  0.02    200      34     0.930  rotated 3 degrees
Pictures: /out/Digits.Int8
Replay the first:  dflare-test --dflare_replay=/out/Digits.Int8/3)");
}

TEST(FailureMessage, OfABoundOnTheDistanceShowsTheNearest) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 200), deviating(2, Outcome::found, 0.1, 200),
                  deviating(3, Outcome::as_it_is, 0.2, 0)};
  result.seeds[0].closeness = 12.25;
  result.seeds[1].closeness = 3.5;
  MessageContext c = context();
  c.options.objective(dflare::Objective::closest).queries(1);
  EXPECT_THAT(message(result, c, distance_ge(5)), HasSubstr(R"(
  asked for   objective closest by L2; 1 query a seed input
3 of 3 seed inputs lead to a deviation (100.0 %, 95 % interval 29.2 to 100.0 %); 2 found by search, with 200 queries each (mean); 1 deviates as it is; closest at L2 0, mean 5.25.
2 seed inputs lead to a deviation nearer than L2 5, the nearest allowed: the closest is at L2 0.
They are, nearest first:
  seed  original    compressed  L2     margin  queries  L-inf  SSIM   mutant
  3     7 (62.5 %)  2 (71.0 %)  0      0.2     -        -      -      the seed input itself, as it is
  2     7 (62.5 %)  2 (71.0 %)  3.5    0.1     200      34     0.930
  1     7 (62.5 %)  2 (71.0 %)  12.25  0.5     200      34     0.930
)"));
}

TEST(FailureMessage, TheColumnOfTheDistanceIsTheOneAskedFor) {
  SearchResult result;
  for (std::size_t i = 0; i < 6; ++i)
    result.seeds.push_back(deviating(i, Outcome::found, 0.5, 200));
  MessageContext c = context();
  c.options.objective(dflare::Objective::closest).closest_by(dflare::Distance::strength);
  EXPECT_THAT(message(result, c, distance_ge(5)),
              HasSubstr("The 5 nearest to their seed inputs:\n  seed  original    compressed  "
                        "strength  margin  queries  L-inf"));
  c.options.closest_by(dflare::Distance::l_inf);
  EXPECT_THAT(message(result, c, distance_ge(5)), HasSubstr("compressed  margin  queries  L-inf"));
}

TEST(FailureMessage, SaysWhatWasAskedForWhereThatIsNotTheDefault) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 1)};
  MessageContext c = context();
  c.options.queries(7).strategy("dflare").rng_seed(3);
  EXPECT_THAT(message(result, c), Not(HasSubstr("asked for")));
  c.options = dflare::everyday();
  EXPECT_THAT(message(result, c),
              HasSubstr("\n  asked for   margin >= 0.2; rotate 10 degrees, translate 7.14 % of the "
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
  MessageContext c = context();
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
  EXPECT_THAT(text, HasSubstr("The 5 of largest margin:\n"));
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
  MessageContext c = context();
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
  const std::string text = message(result, context(), rate_le(0.03));
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
  MessageContext c = context();
  c.folder.clear();
  EXPECT_THAT(message(result, c), HasSubstr("Pictures: none, because write_findings is false"));
  EXPECT_THAT(message(result, c), Not(HasSubstr("Replay")));
}

TEST(FailureMessage, ModelsInMemoryAreReplayedFromTheirProgram) {
  SearchResult result;
  result.seeds = {deviating(0, Outcome::found, 0.2, 4)};
  MessageContext c = context();
  c.id_of = [](std::size_t) { return "a b"; };
  c.compressed.path.clear();
  EXPECT_THAT(
      message(result, c),
      HasSubstr(
          "Replay the finding:  dflare::replay(\"/out/Digits.Int8/a%20b\", original, compressed)"));
}

TEST(FailureMessage, TheReplayLineCanBePasted) {
  MessageContext c = context();
  c.folder = "/it's here/out";
  EXPECT_EQ(dflare::gtest::replay_line(c, "5"),
            "dflare-test --dflare_replay='/it'\\''s here/out/5'");
}

TEST(ShellQuoted, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(dflare::gtest::shell_quoted("/a/b-1_2.x"), "/a/b-1_2.x");
  EXPECT_EQ(dflare::gtest::shell_quoted(""), "''");
  EXPECT_EQ(dflare::gtest::shell_quoted("$HOME"), "'$HOME'");
}

TEST(SummaryLine, SaysThatNothingWasFound) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  EXPECT_EQ(dflare::gtest::summary_line(summarise(result), Options()),
            "none of 2 seed inputs leads to a deviation (95 % interval 0.0 to 84.2 %)");
  EXPECT_EQ(dflare::gtest::summary_line(summarise(SearchResult()), Options()),
            "none of 0 seed inputs could be judged");
}

TEST(SummaryLine, SaysHowManyPathsWereTriedInVain) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  result.seeds[0].paths = 8;
  result.seeds[1].paths = 5;
  EXPECT_EQ(dflare::gtest::summary_line(summarise(result), Options()),
            "none of 2 seed inputs leads to a deviation (95 % interval 0.0 to 84.2 %); 2 seed "
            "inputs without a deviation after 6.5 paths each (mean)");
}

TEST(SummaryLine, CountsGradientsWhereThereAreAny) {
  SearchResult result;
  result.seeds = {deviating(1, Outcome::found, 0.5, 4)};
  result.seeds[0].gradients = 3;
  EXPECT_THAT(dflare::gtest::summary_line(summarise(result), Options()),
              HasSubstr("after 4 queries (median; mean 4.0) and 3 gradients (mean)"));
}

TEST(SummaryLine, RanksCompressionsByTheMeanWorstMarginEvenWhereNothingDeviates) {
  const Options worst = Options().objective(dflare::Objective::worst);
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found), seed_result(2, Outcome::not_found)};
  EXPECT_THAT(dflare::gtest::summary_line(summarise(result), worst),
              HasSubstr("; largest margin found 0, mean 0 (95 % interval 0 to 0)"));
  EXPECT_THAT(dflare::gtest::summary_line(summarise(result),
                                          Options().objective(dflare::Objective::closest)),
              Not(HasSubstr("closest")));
}

TEST(Reservation, IsEmptyWhereAllWasSearched) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found)};
  EXPECT_EQ(dflare::gtest::reservation(summarise(result)), "");
  result.seeds.push_back(seed_result(2, Outcome::not_begun));
  EXPECT_EQ(dflare::gtest::reservation(summarise(result)), "1 not begun");
}

}  // namespace
