#include "check/text/worst_mutants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using dflare::Deviation;
using dflare::Options;
using dflare::checking::WorstMutants;
using ::testing::ElementsAre;
using ::testing::Pair;

Deviation found(std::size_t position, double regret) {
  Deviation deviation;
  deviation.position = position;
  deviation.seed.id = "s" + std::to_string(position);
  deviation.regret = regret;
  deviation.margin = -regret;
  deviation.history = {{"rotation", regret, "degrees"}};
  return deviation;
}

TEST(WorstMutants, KeepsThoseThatAMessageShows) {
  const Options options;
  WorstMutants mutants(options);
  for (const std::size_t position : {6, 1, 5, 0, 3, 2, 4})
    mutants.add(0, found(position, 0.1 * static_cast<double>(position)));
  EXPECT_THAT(mutants.texts(),
              ElementsAre(Pair("s2", "rotation 0.2 degrees"), Pair("s3", "rotation 0.3 degrees"),
                          Pair("s4", "rotation 0.4 degrees"), Pair("s5", "rotation 0.5 degrees"),
                          Pair("s6", "rotation 0.6 degrees")));
}

TEST(WorstMutants, OfEqualRegretKeepsTheFirstSeedsWhateverTheOrder) {
  const Options options;
  WorstMutants mutants(options);
  for (const std::size_t position : {5, 3, 0, 6, 1, 2, 4}) mutants.add(0, found(position, 0.5));
  std::vector<std::string> ids;
  for (const auto& text : mutants.texts()) ids.push_back(text.first);
  EXPECT_THAT(ids, ElementsAre("s0", "s1", "s2", "s3", "s4"));
}

TEST(WorstMutants, KeepsThemForEachBlock) {
  const Options options;
  WorstMutants mutants(options);
  for (std::size_t position = 0; position < 20; ++position)
    mutants.add(position / 10, found(position, 0.5));
  EXPECT_EQ(mutants.texts().size(), 10U);
}

TEST(WorstMutants, UnderClosestKeepsTheNearest) {
  const Options options =
      Options().objective(dflare::Objective::closest).closest_by(dflare::Distance::l_inf);
  WorstMutants mutants(options);
  for (const std::size_t position : {6, 1, 5, 0, 3, 2, 4}) {
    Deviation deviation = found(position, 0.1 * static_cast<double>(position));
    deviation.seed.image = dflare::Image(4, 4, CV_8UC1, cv::Scalar(100));
    deviation.mutant = dflare::Image(4, 4, CV_8UC1, cv::Scalar(101.0 + position));
    mutants.add(0, deviation);
  }
  std::vector<std::string> ids;
  for (const auto& text : mutants.texts()) ids.push_back(text.first);
  EXPECT_THAT(ids, ElementsAre("s0", "s1", "s2", "s3", "s4"));
}

TEST(WorstMutants, UnderWorstAndACriterionOfTheMarginKeepsTheLargestMargins) {
  const Options options = Options().objective(dflare::Objective::worst).margin(0.1);
  WorstMutants mutants(options);
  for (const std::size_t position : {6, 1, 5, 0, 3, 2, 4})
    mutants.add(0, found(position, 0.1 * static_cast<double>(position)));
  std::vector<std::string> ids;
  for (const auto& text : mutants.texts()) ids.push_back(text.first);
  EXPECT_THAT(ids, ElementsAre("s0", "s1", "s2", "s3", "s4"));
}

TEST(WorstMutants, LeavesOutSeedsThatDeviateAsTheyAre) {
  Deviation deviation = found(1, 0.5);
  deviation.as_it_is = true;
  const Options options;
  WorstMutants mutants(options);
  mutants.add(0, deviation);
  EXPECT_TRUE(mutants.texts().empty());
}

}  // namespace
