#include "dflare/statistics.hpp"

#include <gtest/gtest.h>

namespace dflare {
namespace {

TEST(ClopperPearson, AgreesWithPublishedValues) {
  // scipy.stats.binomtest(k, n).proportion_ci(method="exact")
  const Interval some = clopper_pearson(4, 20);
  EXPECT_NEAR(some.low, 0.0573339, 1e-6);
  EXPECT_NEAR(some.high, 0.4366140, 1e-6);
  const Interval none = clopper_pearson(0, 10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.3084971, 1e-6);
  const Interval all = clopper_pearson(10, 10);
  EXPECT_NEAR(all.low, 0.6915029, 1e-6);
  EXPECT_EQ(all.high, 1);
}

TEST(Median, OfNoneOddAndEvenNumbers) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

SeedResult seed(Outcome outcome, int queries = 0, double margin = 0) {
  SeedResult result;
  result.outcome = outcome;
  result.queries = queries;
  result.margin = margin;
  return result;
}

TEST(Summary, CountsEachOutcomeApartAndJudgesWhatWasLookedAt) {
  SearchResult result;
  result.seeds = {
      seed(Outcome::as_it_is, 0, 0.9),   seed(Outcome::found, 4, 0.2), seed(Outcome::found, 8, 0.4),
      seed(Outcome::not_found, 100),     seed(Outcome::error),         seed(Outcome::skipped),
      seed(Outcome::partly_searched, 7), seed(Outcome::not_begun)};
  result.counts.queries = 119;
  const Summary s = summarise(result);
  EXPECT_EQ(s.seeds, 8U);
  EXPECT_EQ(s.judged, 5U);  // a seed that a budget left not begun must not lower the rate
  EXPECT_EQ(s.deviating(), 3U);
  EXPECT_DOUBLE_EQ(s.rate, 0.6);
  EXPECT_FALSE(s.complete());
  EXPECT_EQ(s.errors, 1U);
  EXPECT_EQ(s.skipped, 1U);
  EXPECT_EQ(s.not_found, 1U);
  // Over the seeds found by search only: the one that deviates as it is needs no query.
  EXPECT_DOUBLE_EQ(s.mean_queries, 6);
  EXPECT_DOUBLE_EQ(s.median_queries, 6);
  EXPECT_NEAR(s.mean_margin, 0.3, 1e-12);
  EXPECT_DOUBLE_EQ(s.queries_per_found, 59.5);
}

TEST(Summary, OfNothingHasNoRate) {
  const Summary s = summarise({});
  EXPECT_EQ(s.judged, 0U);
  EXPECT_EQ(s.rate, 0);
  EXPECT_EQ(s.interval.high, 1);
}

}  // namespace
}  // namespace dflare
