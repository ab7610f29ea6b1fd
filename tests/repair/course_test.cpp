#include "training/course.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dflare::repair
