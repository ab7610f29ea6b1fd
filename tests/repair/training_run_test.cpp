#include "training/training_run.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dflare::repair {
namespace {

std::vector<Round> rounds_of(const std::vector<double>& losses) {
  std::vector<Round> rounds;
  for (const double loss : losses) {
    Round round;
    round.number = static_cast<int>(rounds.size());
    round.validation = loss;
    rounds.push_back(round);
  }
  return rounds;
}

TEST(RoundsInVain, AreCountedSinceTheLastOneThatHelped) {
  EXPECT_EQ(rounds_in_vain(rounds_of({1}), 0.01), 0);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.5}), 0.01), 0);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 1.5}), 0.01), 1);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.5, 0.6}), 0.01), 1);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.5, 0.6, 0.55}), 0.01), 2);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.5, 0.6, 0.4}), 0.01), 0);
}

TEST(RoundsInVain, CountThoseThatHelpTooLittle) {
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.995}), 0.01), 1);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.985}), 0.01), 0);
  // Each is measured against the least before it, which may itself have helped too little.
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 0.995, 0.987}), 0.01), 2);
  EXPECT_EQ(rounds_in_vain(rounds_of({1, 1}), 0), 1);
}

TEST(BestTrial, IsTheLastWhereAllDiverge) {
  const double never = std::numeric_limits<double>::infinity();
  EXPECT_EQ(best_trial({never, never, never}), 2U);
}

TEST(BestTrial, IsTheFirstThatDoesAboutAsWellAsAny) {
  EXPECT_EQ(best_trial({5, 3, 4, 6}), 1U);
  EXPECT_EQ(best_trial({1.1, 1.05, 1}), 0U);
  EXPECT_EQ(best_trial({1.2, 1.1, 1}), 1U);
  EXPECT_EQ(best_trial({std::numeric_limits<double>::infinity(), 2, 3}), 1U);
  EXPECT_EQ(best_trial({0, 0}), 0U);
}

}  // namespace
}  // namespace dflare::repair
