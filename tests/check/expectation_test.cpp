#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "check/expectation/kind.hpp"
#include "check/results.hpp"
#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

using checking::expectation_kinds;
using checking::measured_by;
using checking::settle;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Expectation, IsOneValueOfOneKind) {
  EXPECT_EQ(Expectation().name(), "no_deviation");
  EXPECT_EQ(Expectation::rate_le(0.03).name(), "deviation_rate_le");
  EXPECT_EQ(Expectation::rate_le(0.03).bound(), 0.03);
  EXPECT_EQ(Expectation::worst_le(0.2).name(), "worst_deviation_le");
  EXPECT_EQ(Expectation::closest_ge(100).name(), "closest_deviation_ge");
  EXPECT_EQ(Expectation::of("closest_deviation_ge", 7).bound(), 7);
}

TEST(Expectation, OfAnUnknownNameIsRefused) {
  EXPECT_THAT(message_of<ConfigError>([] { Expectation::of("deviation_rate", 1); }),
              HasSubstr("'deviation_rate' is no expectation; expected one of no_deviation, "
                        "deviation_rate_le, worst_deviation_le, closest_deviation_ge"));
}

TEST(Expectation, KindsHaveNamesAndObjectivesOfTheirOwn) {
  std::set<std::string> names;
  std::set<Objective> objectives;
  for (const auto& kind : expectation_kinds()) {
    EXPECT_TRUE(names.insert(kind->name()).second) << kind->name();
    if (const auto objective = kind->objective()) {
      EXPECT_TRUE(objectives.insert(*objective).second) << kind->name();
    }
    EXPECT_EQ(kind->has_bound(), !kind->example().empty()) << kind->name();
  }
  EXPECT_FALSE(expectation_kinds().front()->has_bound());
}

TEST(Expectation, IsSaidInWords) {
  const Options options;
  EXPECT_EQ(Expectation().text(options), "no deviation");
  EXPECT_EQ(Expectation::rate_le(0.03).text(options), "a deviation rate of at most 0.03");
  EXPECT_EQ(Expectation::worst_le(0.2).text(options), "no deviation of a regret above 0.2");
  EXPECT_EQ(Expectation::closest_ge(5).text(Options().closest_by(Distance::l_inf)),
            "no deviation nearer to its seed input than L-inf 5");
}

TEST(Expectation, ABoundThatMakesNoSenseIsRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  for (const Expectation& senseless :
       {Expectation::rate_le(-0.1), Expectation::rate_le(1.1), Expectation::rate_le(nan),
        Expectation::worst_le(-0.1), Expectation::worst_le(2), Expectation::worst_le(nan),
        Expectation::closest_ge(-1), Expectation::closest_ge(infinite),
        Expectation::closest_ge(nan)}) {
    Options options;
    EXPECT_THROW(settle(senseless, options), ConfigError)
        << senseless.name() << " " << senseless.bound();
  }
  for (const Expectation& sensible :
       {Expectation(), Expectation::rate_le(0), Expectation::rate_le(1), Expectation::worst_le(0),
        Expectation::worst_le(1), Expectation::closest_ge(0), Expectation::closest_ge(1e6)}) {
    Options options;
    EXPECT_NO_THROW(settle(sensible, options)) << sensible.name() << " " << sensible.bound();
  }
}

TEST(Expectation, SetsItsObjectiveAndLeavesOthersFree) {
  const auto settled = [](const Expectation& expectation, Options options = {}) {
    settle(expectation, options);
    return options.objective();
  };
  EXPECT_EQ(settled(Expectation::worst_le(0.2)), Objective::worst);
  EXPECT_EQ(settled(Expectation::closest_ge(1)), Objective::closest);
  EXPECT_EQ(settled(Expectation::rate_le(1)), Objective::first);
  EXPECT_EQ(settled({}, Options().objective(Objective::worst)), Objective::worst);
  EXPECT_EQ(settled(Expectation::worst_le(1), Options().objective(Objective::worst)),
            Objective::worst);
  EXPECT_THROW(settled(Expectation::worst_le(1), Options().objective(Objective::closest)),
               ConfigError);
}

std::string settled_text(const char* criterion) {
  Options options = Options().criterion(Criteria::parse(criterion));
  const Expectation expectation = Expectation::worst_le(0.2);
  settle(expectation, options);
  EXPECT_EQ(options.objective(), Objective::worst);
  return expectation.text(options);
}

TEST(Expectation, ABoundOnTheWorstIsOfTheMarginWhereTheCriterionIs) {
  for (const char* criterion : {"margin >= 0.1", "harmful and margin >= 0.1"})
    EXPECT_EQ(settled_text(criterion), "no deviation of a margin above 0.2") << criterion;
  for (const char* criterion : {"label", "regret >= 0.1", "harmful and regret >= 0.1"})
    EXPECT_EQ(settled_text(criterion), "no deviation of a regret above 0.2") << criterion;
}

TEST(Expectation, ABoundOnTheRegretNeedsACriterionThatMeasuresIt) {
  EXPECT_THAT(message_of<ConfigError>([] { settled_text("total_variation >= 0.1"); }),
              HasSubstr("'total_variation >= 0.1' says nothing of labels, so that the search looks "
                        "for no large regret, and no deviation of a regret above 0.2 is expected; "
                        "add 'label' to the criterion"));
}

std::vector<std::string> figures_of(const Options& options, const SearchResult& result) {
  const Summary summary = summarise(result);
  std::vector<std::string> names;
  if (!measured_by(options).has_figures(summary)) return names;
  for (const auto& figure : measured_by(options).figures(summary)) names.push_back(figure.property);
  return names;
}

TEST(Expectation, FiguresAreThoseOfTheObjectiveWhateverIsExpected) {
  SearchResult result;
  result.seeds = {deviating(0, Outcome::found, 0.5, 1)};
  EXPECT_THAT(figures_of({}, result), IsEmpty());
  EXPECT_THAT(figures_of(Options().objective(Objective::worst), result),
              ElementsAre("mean_worst_regret", "mean_worst_regret_interval", "largest_regret",
                          "mean_worst_margin", "mean_worst_margin_interval", "largest_margin"));
  const Options closest = Options().objective(Objective::closest);
  EXPECT_THAT(figures_of(closest, result), ElementsAre("smallest_closeness", "mean_closeness"));
  result.seeds = {seed_result(0, Outcome::not_found)};
  EXPECT_THAT(figures_of(closest, result), IsEmpty());
}

}  // namespace
}  // namespace dflare::test
