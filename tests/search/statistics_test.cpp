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

TEST(StudentT, AgreesWithPublishedQuantiles) {
  // t(0.975) of 2 degrees of freedom is 4.302653; the standard error is 0.1 / sqrt(3).
  const Interval some = student_t({0.4, 0.5, 0.6});
  EXPECT_NEAR(some.low, 0.5 - 0.2484138, 1e-6);
  EXPECT_NEAR(some.high, 0.5 + 0.2484138, 1e-6);
  // t(0.95) of 1 degree is 6.313752.
  const Interval less_sure = student_t({0.5, 0.52}, 0.9);
  EXPECT_NEAR(less_sure.low, 0.51 - 0.06313752, 1e-7);
}

TEST(StudentT, IsClippedToWhatAMeanCanBe) {
  EXPECT_EQ(student_t({0, 0, 0.3}).low, 0);
  EXPECT_LT(student_t({0, 0, 0.3}).high, 1);
  EXPECT_EQ(student_t({1, 1, 0.7}).high, 1);
  EXPECT_GT(student_t({1, 1, 0.7}).low, 0);
}

TEST(StudentT, OfOneValueSaysNothing) {
  for (const std::vector<double>& values : {std::vector<double>{}, std::vector<double>{0.5}}) {
    EXPECT_EQ(student_t(values).low, 0);
    EXPECT_EQ(student_t(values).high, 1);
  }
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

TEST(Summary, CountsGradientsAndPathsOverTheirOwnSeeds) {
  SearchResult result;
  result.seeds = {seed(Outcome::found, 4), seed(Outcome::found, 8), seed(Outcome::not_found, 50),
                  seed(Outcome::not_found, 50), seed(Outcome::partly_searched, 9)};
  const int gradients[] = {1, 4, 100, 100, 100}, paths[] = {50, 50, 3, 6, 50};
  for (std::size_t i = 0; i < result.seeds.size(); ++i) {
    result.seeds[i].gradients = gradients[i];
    result.seeds[i].paths = paths[i];
  }
  result.counts.gradients = 305;
  const Summary s = summarise(result);
  EXPECT_DOUBLE_EQ(s.mean_gradients, 2.5);
  EXPECT_EQ(s.gradients_in_all, 305U);
  EXPECT_DOUBLE_EQ(s.mean_paths, 4.5);
}

TEST(Summary, TheMeanWorstMarginIsOverTheJudgedSeeds) {
  SearchResult result;
  result.seeds = {seed(Outcome::as_it_is, 0, 0.2),   seed(Outcome::found, 4, 0.4),
                  seed(Outcome::not_found, 9, -0.5), seed(Outcome::partly_searched, 9, 0.9),
                  seed(Outcome::error, 9, 0.9),      seed(Outcome::skipped, 9, 0.9),
                  seed(Outcome::not_begun, 9, 0.9)};
  const Summary s = summarise(result);
  EXPECT_DOUBLE_EQ(s.mean_worst_margin, 0.15);  // of 0.2, 0.4, 0 and 0
  EXPECT_DOUBLE_EQ(s.largest_margin, 0.4);
  const Interval expected = student_t({0.2, 0.4, 0, 0});
  EXPECT_DOUBLE_EQ(s.worst_margin_interval.low, expected.low);
  EXPECT_DOUBLE_EQ(s.worst_margin_interval.high, expected.high);
}

TEST(Summary, TheMeanWorstRegretIsOverTheJudgedSeeds) {
  SearchResult result;
  result.seeds = {seed(Outcome::as_it_is),     seed(Outcome::found, 4),
                  seed(Outcome::not_found, 9), seed(Outcome::partly_searched),
                  seed(Outcome::error),        seed(Outcome::skipped),
                  seed(Outcome::not_begun)};
  const double regrets[] = {0.2, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9};
  for (std::size_t i = 0; i < result.seeds.size(); ++i) result.seeds[i].regret = regrets[i];
  const Summary s = summarise(result);
  EXPECT_DOUBLE_EQ(s.mean_worst_regret, 0.15);  // of 0.2, 0.4, 0 and 0
  EXPECT_DOUBLE_EQ(s.largest_regret, 0.4);
  const Interval expected = student_t({0.2, 0.4, 0, 0});
  EXPECT_DOUBLE_EQ(s.worst_regret_interval.low, expected.low);
  EXPECT_DOUBLE_EQ(s.worst_regret_interval.high, expected.high);
  EXPECT_DOUBLE_EQ(s.mean_regret, 0.4) << "over what was found by search";
}

/// A seed input's labels: the true one, the original's, the compressed model's.
SeedResult labels(int truth, int original, int compressed, Outcome outcome = Outcome::not_found) {
  SeedResult result = seed(outcome);
  result.true_label = truth;
  result.seed_original_label = original;
  result.seed_compressed_label = compressed;
  result.seed_agrees = original == compressed;
  return result;
}

TEST(Summary, AgreementAndAccuraciesAreOverTheSeedsAsTheyAre) {
  SearchResult result;
  result.seeds = {labels(3, 3, 3),
                  labels(3, 3, 5, Outcome::found),
                  labels(5, 3, 5, Outcome::as_it_is),
                  labels(1, 2, 2, Outcome::error),
                  labels(-1, 4, 4),
                  labels(7, -1, -1, Outcome::not_begun)};
  result.seeds[4].seed_agrees = false;  // a tie of the compressed model's with another class
  const Summary s = summarise(result);
  EXPECT_EQ(s.evaluated, 5U) << "one was not begun";
  EXPECT_EQ(s.agreed, 2U);
  EXPECT_EQ(s.labelled, 4U) << "of one the true label is not known";
  EXPECT_EQ(s.original_right, 2U);
  EXPECT_EQ(s.compressed_right, 2U);
}

TEST(Summary, SaysWhoIsRightWhereTheModelsDeviate) {
  SearchResult result;
  const auto deviation = [](int truth, int original, int compressed, Outcome outcome) {
    // The seed input itself is another matter.
    SeedResult found = labels(truth, 9, 9, outcome);
    found.original_label = original;
    found.compressed_label = compressed;
    return found;
  };
  result.seeds = {deviation(1, 1, 2, Outcome::found),      deviation(1, 1, 2, Outcome::as_it_is),
                  deviation(1, 1, 3, Outcome::found),      deviation(1, 2, 1, Outcome::found),
                  deviation(1, 2, 3, Outcome::found),      deviation(1, 4, 3, Outcome::as_it_is),
                  deviation(-1, 2, 3, Outcome::found),     deviation(1, 1, 2, Outcome::error),
                  deviation(1, -1, -1, Outcome::not_found)};
  const Summary s = summarise(result);
  EXPECT_EQ(s.deviations_labelled, 6U);
  EXPECT_EQ(s.deviations_original_right, 3U);
  EXPECT_EQ(s.deviations_compressed_right, 1U);
  EXPECT_EQ(s.deviations_neither_right, 2U);
}

TEST(Summary, AMarginBelowZeroCountsAsNone) {
  // A criterion that says nothing of labels has such deviations.
  SearchResult result;
  result.seeds = {seed(Outcome::found, 1, -0.6), seed(Outcome::found, 1, 0.4)};
  EXPECT_DOUBLE_EQ(summarise(result).mean_worst_margin, 0.2);
}

TEST(Summary, TheClosenessIsOverTheSeedsThatDeviate) {
  SearchResult result;
  result.seeds = {seed(Outcome::found), seed(Outcome::found), seed(Outcome::not_found)};
  result.seeds[0].closeness = 3;
  result.seeds[1].closeness = 5;
  EXPECT_DOUBLE_EQ(summarise(result).smallest_closeness, 3);
  EXPECT_DOUBLE_EQ(summarise(result).mean_closeness, 4);
  result.seeds.push_back(seed(Outcome::as_it_is));
  EXPECT_DOUBLE_EQ(summarise(result).smallest_closeness, 0);
  EXPECT_DOUBLE_EQ(summarise(result).mean_closeness, 8.0 / 3);
}

TEST(Summary, WhatIsCutShortIsNotComplete) {
  SearchResult result;
  result.seeds = {seed(Outcome::found), seed(Outcome::as_it_is), seed(Outcome::found)};
  EXPECT_TRUE(summarise(result).complete());
  result.seeds[0].cut_short = result.seeds[1].cut_short = true;
  EXPECT_EQ(summarise(result).cut_short, 2U);
  EXPECT_FALSE(summarise(result).complete());
  EXPECT_EQ(summarise(result).deviating(), 3U);
}

TEST(Summary, OfNothingHasNoRate) {
  const Summary s = summarise({});
  EXPECT_EQ(s.mean_worst_regret, 0);
  EXPECT_EQ(s.worst_regret_interval.high, 1);
  EXPECT_EQ(s.largest_regret, 0);
  EXPECT_EQ(s.evaluated, 0U);
  EXPECT_EQ(s.mean_worst_margin, 0);
  EXPECT_EQ(s.worst_margin_interval.high, 1);
  EXPECT_EQ(s.judged, 0U);
  EXPECT_EQ(s.rate, 0);
  EXPECT_EQ(s.interval.high, 1);
}

}  // namespace
}  // namespace dflare
