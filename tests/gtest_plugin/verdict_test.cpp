#include "verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gtest_plugin/results.hpp"

namespace {

using dflare::Outcome;
using dflare::SearchResult;
using dflare::gtest::Expectation;
using dflare::gtest::judge;
using dflare::gtest::Verdict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

SearchResult result_of(const std::vector<Outcome>& outcomes) {
  SearchResult result;
  for (const Outcome outcome : outcomes) {
    result.seeds.push_back(dflare::test::seed_result(result.seeds.size(), outcome));
  }
  return result;
}

Verdict verdict_on(const std::vector<Outcome>& outcomes, const Expectation& expectation = {},
                   bool require_complete = false, bool interrupted = false) {
  return judge(dflare::summarise(result_of(outcomes)), expectation, require_complete, interrupted);
}

TEST(Verdict, NothingFoundPasses) {
  const Verdict verdict = verdict_on({Outcome::not_found, Outcome::not_found});
  EXPECT_TRUE(verdict.passed);
  EXPECT_THAT(verdict.reasons, IsEmpty());
}

TEST(Verdict, AnyDeviationFailsNoDeviation) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::found}).passed);
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::as_it_is}).passed);
}

TEST(Verdict, TheRateDecidesAndMayBeReached) {
  const std::vector<Outcome> half = {Outcome::not_found, Outcome::found};
  EXPECT_TRUE(verdict_on(half, {0.5}).passed);
  const Verdict verdict = verdict_on(half, {0.4999});
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons,
              ElementsAre("The deviation rate 0.5 is above 0.4999, the highest allowed."));
}

TEST(Verdict, ASeedThatDeviatesAsItIsCountsForTheRate) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::as_it_is}, {0.1}).passed);
}

TEST(Verdict, AnyErrorFails) {
  const Verdict verdict = verdict_on({Outcome::not_found, Outcome::error}, {1.0});
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons,
              ElementsAre("1 of 2 seed inputs ended in an error, and nothing is known of it."));
}

TEST(Verdict, NoSeedsFail) {
  const Verdict verdict = verdict_on({});
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("The seed set is empty")));
}

TEST(Verdict, AllSkippedFails) {
  const Verdict verdict = verdict_on({Outcome::skipped, Outcome::skipped}, {1.0});
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("All 2 seed inputs were skipped")));
}

TEST(Verdict, SomeSkippedPass) {
  EXPECT_TRUE(verdict_on({Outcome::skipped, Outcome::not_found}).passed);
}

TEST(Verdict, NothingBegunFails) {
  const Verdict verdict = verdict_on({Outcome::not_begun, Outcome::not_begun, Outcome::skipped});
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("from no seed input was begun")));
}

TEST(Verdict, AnEndedBudgetFailsOnlyWhereAllIsRequired) {
  const std::vector<Outcome> left = {Outcome::not_found, Outcome::partly_searched,
                                     Outcome::not_begun};
  EXPECT_TRUE(verdict_on(left).passed);
  const Verdict verdict = verdict_on(left, {}, true);
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(
      verdict.reasons,
      ElementsAre(
          "A budget ended with 1 partly searched and 1 not begun, and require_complete is set."));
  EXPECT_TRUE(verdict_on({Outcome::not_found}, {}, true).passed);
}

TEST(Verdict, AnInterruptFailsWhereItLeftSeeds) {
  const Verdict verdict = verdict_on({Outcome::not_found, Outcome::not_begun}, {}, false, true);
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons, ElementsAre("Interrupted, with 0 partly searched and 1 not begun."));
  EXPECT_TRUE(verdict_on({Outcome::not_found}, {}, false, true).passed);
}

}  // namespace
