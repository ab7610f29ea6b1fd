// The tables from which options, messages and searches take what dflare has.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "dflare/strategy.hpp"
#include "judging/conditions.hpp"
#include "judging/goal.hpp"
#include "search/options/strategy_facts.hpp"

namespace dflare {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

std::string values_of(const std::string& option) {
  for (const OptionRow& row : options_table()) {
    if (row.name == option) return row.values;
  }
  return "";
}

TEST(Conditions, HaveExamplesThatAreConditionsOfTheirNames) {
  EXPECT_EQ(built_in_conditions().size(), 8U);
  for (const ConditionRow& row : built_in_conditions()) {
    EXPECT_THAT(row.example, StartsWith(row.name));
    EXPECT_EQ(Criteria::parse(row.example).text(), row.example);
    EXPECT_THAT(criterion_names(), Contains(row.name));
    EXPECT_THAT(values_of("criterion"), HasSubstr(row.example));
  }
}

TEST(Objectives, HaveARowEachInTheirOrder) {
  ASSERT_EQ(objectives().size(), 3U);
  for (const ObjectiveRow& row : objectives()) {
    EXPECT_EQ(row_of(row.objective).objective, row.objective);
    EXPECT_FALSE(row.by_distance && row.by_severity) << row.name << " makes one of them large";
    EXPECT_EQ(row.ends_at_first, !row.by_distance && !row.by_severity);
    Options options;
    set_option(options, "objective", row.name);
    EXPECT_EQ(options.objective(), row.objective);
  }
  EXPECT_EQ(values_of("objective"), "first | closest | worst");
  EXPECT_EQ(objective_meanings(),
            "any deviation, the nearest to it, or that of largest regret (of largest margin where "
            "the criterion has one)");
}

TEST(Strategies, OfDflaresOwnAreKnownByTheNamesOfTheirLines) {
  EXPECT_EQ(values_of("strategy"),
            "the name of a strategy: boundary | dflare | diffchaser | random");
  for (const char* name : {"boundary", "dflare", "diffchaser", "random"})
    EXPECT_NE(make_strategy(Options().strategy(name)), nullptr) << name;
}

TEST(Strategies, SayWhetherTheyTransform) {
  EXPECT_TRUE(may_transform("boundary"));
  EXPECT_TRUE(may_transform("random"));
  EXPECT_FALSE(may_transform("dflare"));
  EXPECT_FALSE(may_transform("diffchaser"));
  EXPECT_TRUE(may_transform("somebody's own"));
}

}  // namespace
}  // namespace dflare
