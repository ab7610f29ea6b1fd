#include "dflare/outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "dflare/search.hpp"

namespace dflare {
namespace {

TEST(Outcomes, HaveARowEachInTheirOrder) {
  std::set<std::string> names, words;
  std::size_t next = 0;
  for (const OutcomeRow& row : outcomes_table()) {
    EXPECT_EQ(static_cast<std::size_t>(row.outcome), next++);
    EXPECT_EQ(to_string(row.outcome), row.words);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(words.insert(row.words).second) << row.words;
  }
  EXPECT_EQ(names.count("partly_searched"), 1U);
  EXPECT_EQ(words.count("partly searched"), 1U);
  EXPECT_STREQ(to_string(static_cast<Outcome>(outcomes_table().size())), "unknown");
}

TEST(Outcomes, OfTheSevenFourAreJudgedAndTwoDeviate) {
  std::set<Outcome> judged_ones, deviating;
  for (const OutcomeRow& row : outcomes_table()) {
    if (judged(row.outcome)) judged_ones.insert(row.outcome);
    if (deviates(row.outcome)) deviating.insert(row.outcome);
  }
  EXPECT_EQ(judged_ones, (std::set<Outcome>{Outcome::as_it_is, Outcome::found, Outcome::not_found,
                                            Outcome::partly_searched}));
  EXPECT_EQ(deviating, (std::set<Outcome>{Outcome::as_it_is, Outcome::found}));
}

TEST(Tally, CountsEachOutcomeApart) {
  Tally tally;
  std::size_t n = 1;
  for (const OutcomeRow& row : outcomes_table()) tally[row.outcome] = n *= 10;
  EXPECT_EQ(tally.as_it_is, 10U);
  EXPECT_EQ(tally.found, 100U);
  EXPECT_EQ(tally.not_found, 1000U);
  EXPECT_EQ(tally.partly_searched, 10'000U);
  EXPECT_EQ(tally.not_begun, 100'000U);
  EXPECT_EQ(tally.errors, 1'000'000U);
  EXPECT_EQ(tally.skipped, 10'000'000U);
  EXPECT_EQ(tally.all(), 11'111'110U);
  EXPECT_EQ(tally.judged_seeds(), 11'110U);
  EXPECT_EQ(tally.deviating(), 110U);
  Tally twice = tally;
  twice += tally;
  for (const OutcomeRow& row : outcomes_table())
    EXPECT_EQ(twice[row.outcome], 2 * tally[row.outcome]) << row.words;
}

TEST(Tally, OfAResultCountsItsSeeds) {
  SearchResult result;
  for (const Outcome outcome : {Outcome::found, Outcome::error, Outcome::found})
    result.seeds.emplace_back().outcome = outcome;
  EXPECT_EQ(result.tally().found, 2U);
  EXPECT_EQ(result.tally().errors, 1U);
  EXPECT_EQ(result.tally().all(), 3U);
  EXPECT_EQ(result.count(Outcome::found), 2U);
  EXPECT_EQ(result.count(Outcome::not_begun), 0U);
}

}  // namespace
}  // namespace dflare
