#include "check/verdict/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/results.hpp"

namespace {

using dflare::CheckVerdict;
using dflare::Expectation;
using dflare::Outcome;
using dflare::SearchResult;
using dflare::checking::judge;
using dflare::checking::Judgement;
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

Judgement verdict_on(const std::vector<Outcome>& outcomes, const Expectation& expectation = {},
                     bool require_complete = false, bool interrupted = false) {
  return judge(result_of(outcomes), expectation,
               dflare::Options().require_complete(require_complete), interrupted);
}

dflare::Options by_the_margin() {
  return dflare::Options().margin(0.01);
}

TEST(Verdict, NothingFoundPasses) {
  const Judgement verdict = verdict_on({Outcome::not_found, Outcome::not_found});
  EXPECT_TRUE(verdict.passed());
  EXPECT_THAT(verdict.reasons, IsEmpty());
}

TEST(Verdict, AnyDeviationFailsNoDeviation) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::found}).passed());
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::as_it_is}).passed());
}

TEST(Verdict, TheRateDecidesAndMayBeReached) {
  const std::vector<Outcome> half = {Outcome::not_found, Outcome::found};
  EXPECT_TRUE(verdict_on(half, Expectation::rate_le(0.5)).passed());
  const Judgement verdict = verdict_on(half, Expectation::rate_le(0.4999));
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons,
              ElementsAre("The deviation rate 0.5 is above 0.4999, the highest allowed."));
}

TEST(Verdict, AFigureThatLooksLikeItsBoundIsShownInFull) {
  SearchResult result = result_of({Outcome::found});
  result.seeds[0].regret = 0.200001;
  EXPECT_THAT(judge(result, Expectation::worst_le(0.2), {}, false).reasons,
              ElementsAre("1 seed input leads to a deviation of a regret above 0.2, the largest "
                          "allowed: the worst has 0.200001."));
}

TEST(Verdict, TheLargestRegretDecidesAndMayBeReached) {
  SearchResult result = result_of(
      {Outcome::found, Outcome::as_it_is, Outcome::found, Outcome::not_found, Outcome::not_found});
  result.seeds[0].regret = 0.3;
  result.seeds[1].regret = 0.5;
  result.seeds[2].regret = 0.1;
  EXPECT_TRUE(judge(result, Expectation::worst_le(0.5), {}, false).passed());
  const Judgement verdict = judge(result, Expectation::worst_le(0.2), {}, false);
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons, ElementsAre("2 seed inputs lead to a deviation of a regret above "
                                           "0.2, the largest allowed: the worst has 0.5."));
}

TEST(Verdict, AModelThatIsNeverSureIsNoBetterForItsSmallMargins) {
  SearchResult result = result_of({Outcome::found});
  result.seeds[0].regret = 0.9;
  result.seeds[0].margin = 0.001;
  EXPECT_FALSE(judge(result, Expectation::worst_le(0.2), {}, false).passed());
  EXPECT_TRUE(judge(result, Expectation::worst_le(0.2), by_the_margin(), false).passed());
}

TEST(Verdict, TheMarginDecidesWhereTheCriterionSpeaksOfIt) {
  SearchResult result = result_of({Outcome::found, Outcome::found});
  result.seeds[0].regret = 0.9;
  result.seeds[0].margin = 0.3;
  EXPECT_TRUE(judge(result, Expectation::worst_le(0.3), by_the_margin(), false).passed());
  EXPECT_THAT(judge(result, Expectation::worst_le(0.2), by_the_margin(), false).reasons,
              ElementsAre("1 seed input leads to a deviation of a margin above 0.2, the largest "
                          "allowed: the worst has 0.3."));
}

TEST(Verdict, TheSmallestDistanceDecidesAndMayBeReached) {
  SearchResult result =
      result_of({Outcome::found, Outcome::found, Outcome::found, Outcome::not_found});
  result.seeds[0].closeness = 2;
  result.seeds[1].closeness = 3;
  result.seeds[2].closeness = 40;
  const dflare::Options options = dflare::Options().closest_by(dflare::Distance::strength);
  EXPECT_TRUE(judge(result, Expectation::closest_ge(2), options, false).passed());
  const Judgement verdict = judge(result, Expectation::closest_ge(3.5), options, false);
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons,
              ElementsAre("2 seed inputs lead to a deviation nearer than strength 3.5, the nearest "
                          "allowed: the closest is at strength 2."));
}

TEST(Verdict, SeedsWithoutADeviationHaveNeitherRegretNorDistance) {
  const SearchResult result = result_of({Outcome::not_found, Outcome::partly_searched});
  EXPECT_TRUE(judge(result, Expectation::worst_le(0), {}, false).passed());
  EXPECT_TRUE(judge(result, Expectation::closest_ge(1000), {}, false).passed());
}

TEST(Verdict, ABoundIsNotMetByErrors) {
  EXPECT_FALSE(verdict_on({Outcome::not_found, Outcome::error}, Expectation::worst_le(1)).passed());
  EXPECT_FALSE(
      verdict_on({Outcome::not_found, Outcome::error}, Expectation::closest_ge(0)).passed());
}

TEST(Verdict, ASearchCutShortFailsWhereAllIsRequired) {
  SearchResult result = result_of({Outcome::found, Outcome::partly_searched});
  result.seeds[0].cut_short = true;
  EXPECT_TRUE(judge(result, Expectation::worst_le(1), {}, false).passed());
  EXPECT_THAT(
      judge(result, Expectation::worst_le(1), dflare::Options().require_complete(true), false)
          .reasons,
      ElementsAre("A budget ended with 1 partly searched, 0 not begun and 1 cut short, and "
                  "require_complete is set."));
  EXPECT_THAT(judge(result, Expectation::worst_le(1), {}, true).reasons,
              ElementsAre("Interrupted, with 1 partly searched, 0 not begun and 1 cut short."));
}

TEST(Verdict, ASeedThatDeviatesAsItIsCountsForTheRate) {
  EXPECT_FALSE(
      verdict_on({Outcome::not_found, Outcome::as_it_is}, Expectation::rate_le(0.1)).passed());
}

TEST(Verdict, AnyErrorFails) {
  const Judgement verdict =
      verdict_on({Outcome::not_found, Outcome::error}, Expectation::rate_le(1.0));
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons,
              ElementsAre("1 of 2 seed inputs ended in an error, and nothing is known of it."));
}

TEST(Verdict, NoSeedsFail) {
  const Judgement verdict = verdict_on({});
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("The seed set is empty")));
}

TEST(Verdict, AllSkippedFails) {
  const Judgement verdict =
      verdict_on({Outcome::skipped, Outcome::skipped}, Expectation::rate_le(1.0));
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("All 2 seed inputs were skipped")));
}

TEST(Verdict, SomeSkippedPass) {
  EXPECT_TRUE(verdict_on({Outcome::skipped, Outcome::not_found}).passed());
}

TEST(Verdict, NothingBegunFails) {
  const Judgement verdict = verdict_on({Outcome::not_begun, Outcome::not_begun, Outcome::skipped});
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons, ElementsAre(HasSubstr("from no seed input was begun")));
}

TEST(Verdict, AnEndedBudgetFailsOnlyWhereAllIsRequired) {
  const std::vector<Outcome> left = {Outcome::not_found, Outcome::partly_searched,
                                     Outcome::not_begun};
  EXPECT_TRUE(verdict_on(left).passed());
  const Judgement verdict = verdict_on(left, {}, true);
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(
      verdict.reasons,
      ElementsAre(
          "A budget ended with 1 partly searched and 1 not begun, and require_complete is set."));
  EXPECT_TRUE(verdict_on({Outcome::not_found}, {}, true).passed());
}

TEST(Verdict, AnInterruptFailsWhereItLeftSeeds) {
  const Judgement verdict = verdict_on({Outcome::not_found, Outcome::not_begun}, {}, false, true);
  EXPECT_FALSE(verdict.passed());
  EXPECT_THAT(verdict.reasons, ElementsAre("Interrupted, with 0 partly searched and 1 not begun."));
  EXPECT_TRUE(verdict_on({Outcome::not_found}, {}, false, true).passed());
}

struct Case {
  const char* what;
  std::vector<Outcome> outcomes;
  CheckVerdict expected;
  bool require_complete = false, interrupted = false;
};

TEST(Verdict, OfSeveralThingsThatAreWrongAnErrorDecidesThenADeviation) {
  using V = CheckVerdict;
  using O = Outcome;
  const std::vector<Case> cases = {
      {"nothing found", {O::not_found}, V::passed},
      {"a budget left some", {O::not_found, O::partly_searched}, V::passed},
      {"found", {O::found, O::not_found}, V::failed},
      {"as it is", {O::as_it_is}, V::failed},
      {"found, the rest left", {O::found, O::not_begun}, V::failed, true, true},
      {"found, the rest skipped", {O::found, O::skipped}, V::failed},
      {"no seed inputs", {}, V::inconclusive},
      {"all skipped", {O::skipped}, V::inconclusive},
      {"none begun", {O::not_begun, O::skipped}, V::inconclusive},
      {"interrupted", {O::not_found, O::not_begun}, V::inconclusive, false, true},
      {"a budget under require_complete",
       {O::not_found, O::partly_searched},
       V::inconclusive,
       true},
      {"an error", {O::not_found, O::error}, V::error},
      {"an error and a deviation", {O::found, O::error}, V::error},
      {"errors alone", {O::error, O::error}, V::error},
      {"an error, the rest left", {O::error, O::not_begun}, V::error, true, true},
      {"an error, the rest skipped", {O::error, O::skipped}, V::error},
  };
  for (const Case& c : cases) {
    const Judgement judgement = verdict_on(c.outcomes, {}, c.require_complete, c.interrupted);
    EXPECT_EQ(judgement.verdict, c.expected) << c.what << ": " << to_string(judgement.verdict);
    EXPECT_EQ(judgement.passed(), c.expected == V::passed) << c.what;
  }
}

}  // namespace
