#include "check/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "gtest_plugin/results.hpp"
#include "support/message_of.hpp"

namespace {

using dflare::Outcome;
using dflare::SearchResult;
using dflare::gtest::Expectation;
using dflare::gtest::judge;
using dflare::gtest::Verdict;
using dflare::test::distance_ge;
using dflare::test::margin_le;
using dflare::test::rate_le;
using dflare::test::regret_le;
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
  return judge(result_of(outcomes), expectation,
               dflare::Options().require_complete(require_complete), interrupted);
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
  EXPECT_TRUE(verdict_on(half, rate_le(0.5)).passed);
  const Verdict verdict = verdict_on(half, rate_le(0.4999));
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons,
              ElementsAre("The deviation rate 0.5 is above 0.4999, the highest allowed."));
}

TEST(Verdict, AFigureThatLooksLikeItsBoundIsShownInFull) {
  SearchResult result = result_of({Outcome::found});
  result.seeds[0].regret = 0.200001;
  EXPECT_THAT(judge(result, regret_le(0.2), {}, false).reasons,
              ElementsAre("1 seed input leads to a deviation of a regret above 0.2, the largest "
                          "allowed: the worst has 0.200001."));
}

TEST(Verdict, TheLargestRegretDecidesAndMayBeReached) {
  SearchResult result = result_of(
      {Outcome::found, Outcome::as_it_is, Outcome::found, Outcome::not_found, Outcome::not_found});
  result.seeds[0].regret = 0.3;
  result.seeds[1].regret = 0.5;
  result.seeds[2].regret = 0.1;
  EXPECT_TRUE(judge(result, regret_le(0.5), {}, false).passed);
  const Verdict verdict = judge(result, regret_le(0.2), {}, false);
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons, ElementsAre("2 seed inputs lead to a deviation of a regret above "
                                           "0.2, the largest allowed: the worst has 0.5."));
}

TEST(Verdict, AModelThatIsNeverSureIsNoBetterForItsSmallMargins) {
  SearchResult result = result_of({Outcome::found});
  result.seeds[0].regret = 0.9;
  result.seeds[0].margin = 0.001;
  EXPECT_FALSE(judge(result, regret_le(0.2), {}, false).passed);
  EXPECT_TRUE(judge(result, margin_le(0.2), {}, false).passed);
}

TEST(Verdict, TheMarginDecidesWhereTheCriterionSpeaksOfIt) {
  SearchResult result = result_of({Outcome::found, Outcome::found});
  result.seeds[0].regret = 0.9;
  result.seeds[0].margin = 0.3;
  EXPECT_TRUE(judge(result, margin_le(0.3), {}, false).passed);
  EXPECT_THAT(judge(result, margin_le(0.2), {}, false).reasons,
              ElementsAre("1 seed input leads to a deviation of a margin above 0.2, the largest "
                          "allowed: the worst has 0.3."));
}

Expectation settled(double bound, dflare::Options& options) {
  Expectation expectation = regret_le(bound);
  set_objective(expectation, options);
  return expectation;
}

TEST(Verdict, ABoundOnTheWorstIsOfTheMarginWhereTheCriterionIs) {
  for (const char* criterion : {"margin >= 0.1", "harmful and margin >= 0.1"}) {
    dflare::Options options = dflare::Options().criterion(dflare::Criteria::parse(criterion));
    const Expectation expectation = settled(0.2, options);
    EXPECT_TRUE(expectation.by_margin) << criterion;
    EXPECT_EQ(expectation_text(expectation, options), "no deviation of a margin above 0.2");
    EXPECT_EQ(options.objective(), dflare::Objective::worst);
  }
  for (const char* criterion : {"label", "regret >= 0.1", "harmful and regret >= 0.1"}) {
    dflare::Options options = dflare::Options().criterion(dflare::Criteria::parse(criterion));
    const Expectation expectation = settled(0.2, options);
    EXPECT_FALSE(expectation.by_margin) << criterion;
    EXPECT_EQ(expectation_text(expectation, options), "no deviation of a regret above 0.2");
  }
  dflare::Options options = dflare::Options().margin(0.1);
  Expectation expectation = settled(0.2, options);
  options.criterion(dflare::Criteria());  // a flag, after the manifest was read
  set_objective(expectation, options);
  EXPECT_FALSE(expectation.by_margin);
}

TEST(Verdict, ABoundOnTheRegretNeedsACriterionThatMeasuresIt) {
  dflare::Options options = dflare::Options().total_variation(0.1);
  EXPECT_THAT(dflare::test::message_of<dflare::ConfigError>([&] { settled(0.2, options); }),
              HasSubstr("'total_variation >= 0.1' says nothing of labels, so that the search looks "
                        "for no large regret, and no deviation of a regret above 0.2 is expected; "
                        "add 'label' to the criterion"));
}

TEST(Verdict, TheSmallestDistanceDecidesAndMayBeReached) {
  SearchResult result =
      result_of({Outcome::found, Outcome::found, Outcome::found, Outcome::not_found});
  result.seeds[0].closeness = 2;
  result.seeds[1].closeness = 3;
  result.seeds[2].closeness = 40;
  const dflare::Options options = dflare::Options().closest_by(dflare::Distance::strength);
  EXPECT_TRUE(judge(result, distance_ge(2), options, false).passed);
  const Verdict verdict = judge(result, distance_ge(3.5), options, false);
  EXPECT_FALSE(verdict.passed);
  EXPECT_THAT(verdict.reasons,
              ElementsAre("2 seed inputs lead to a deviation nearer than strength 3.5, the nearest "
                          "allowed: the closest is at strength 2."));
}

TEST(Verdict, SeedsWithoutADeviationHaveNeitherRegretNorDistance) {
  const SearchResult result = result_of({Outcome::not_found, Outcome::partly_searched});
  EXPECT_TRUE(judge(result, regret_le(0), {}, false).passed);
  EXPECT_TRUE(judge(result, distance_ge(1000), {}, false).passed);
}

TEST(Verdict, ABoundIsNotMetByErrors) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::error}, regret_le(1)).passed);
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::error}, distance_ge(0)).passed);
}

TEST(Verdict, ASearchCutShortFailsWhereAllIsRequired) {
  SearchResult result = result_of({Outcome::found, Outcome::partly_searched});
  result.seeds[0].cut_short = true;
  EXPECT_TRUE(judge(result, regret_le(1), {}, false).passed);
  EXPECT_THAT(judge(result, regret_le(1), dflare::Options().require_complete(true), false).reasons,
              ElementsAre("A budget ended with 1 partly searched, 0 not begun and 1 cut short, and "
                          "require_complete is set."));
  EXPECT_THAT(judge(result, regret_le(1), {}, true).reasons,
              ElementsAre("Interrupted, with 1 partly searched, 0 not begun and 1 cut short."));
}

TEST(Verdict, ASeedThatDeviatesAsItIsCountsForTheRate) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::as_it_is}, rate_le(0.1)).passed);
}

TEST(Verdict, AnyErrorFails) {
  const Verdict verdict = verdict_on({Outcome::not_found, Outcome::error}, rate_le(1.0));
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
  const Verdict verdict = verdict_on({Outcome::skipped, Outcome::skipped}, rate_le(1.0));
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
