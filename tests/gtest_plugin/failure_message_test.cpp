#include "failure_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gtest_plugin/results.hpp"

namespace {

using dflare::Outcome;
using dflare::SearchResult;
using dflare::gtest::Expectation;
using dflare::gtest::failure_message;
using dflare::gtest::MessageContext;
using dflare::test::deviating;
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
  return failure_message(c, result, judge(summarise(result), expectation, false, false));
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
  const std::string text = message(result, context(), {0.03});
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
  EXPECT_EQ(dflare::gtest::summary_line(summarise(result)),
            "none of 2 seed inputs leads to a deviation (95 % interval 0.0 to 84.2 %)");
  EXPECT_EQ(dflare::gtest::summary_line(summarise(SearchResult())),
            "none of 0 seed inputs could be judged");
}

TEST(Reservation, IsEmptyWhereAllWasSearched) {
  SearchResult result;
  result.seeds = {seed_result(1, Outcome::not_found)};
  EXPECT_EQ(dflare::gtest::reservation(summarise(result)), "");
  result.seeds.push_back(seed_result(2, Outcome::not_begun));
  EXPECT_EQ(dflare::gtest::reservation(summarise(result)), "1 not begun");
}

}  // namespace
