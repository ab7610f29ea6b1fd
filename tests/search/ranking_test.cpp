#include "judging/ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace dflare {
namespace {

std::vector<float> softmax(std::vector<double> logits, double scale = 1) {
  double sum = 0;
  for (double& logit : logits) sum += logit = std::exp(logit * scale);
  std::vector<float> scores;
  for (const double value : logits) scores.push_back(static_cast<float>(value / sum));
  return scores;
}

/// Ranks answers whose seed input both models call 0.
class Ranks : public ::testing::Test {
 protected:
  /// The compressed model's logits are multiplied by `scale`, those of the seed input as well.
  double rank(const std::string& criterion, const std::vector<double>& original,
              const std::vector<double>& compressed, double scale = 1) {
    const auto first_o = softmax({8, 2, 0, 1}), first_c = softmax({7, 3, 0, 1}, scale);
    const auto o = softmax(original), c = softmax(compressed, scale);
    options_.criterion(Criteria::parse(criterion));
    const auto row = [](const std::vector<float>& scores) {
      return ScoreRow{scores.data(), static_cast<int>(scores.size())};
    };
    return Ranking(options_, seed_, {row(first_o), row(first_c)})({row(o), row(c)});
  }

  Options options_;
  Seed seed_;
};

const std::vector<double> sure = {8, 2, 0, 1}, unsure = {3, 2.5, 0, 1};

TEST_F(Ranks, WhatMeetsTheCriterionAboveAllElseByItsRegret) {
  const double large = rank("regret >= 0.2", sure, {2, 3, 0, 0}),
               small = rank("regret >= 0.2", unsure, {2, 3, 0, 0}),
               none = rank("regret >= 0.2", sure, {3, 2.99, 0, 0});
  EXPECT_GT(large, small);
  EXPECT_GT(small, none);
  EXPECT_NEAR(large - small,
              (softmax(sure)[0] - softmax(sure)[1]) - (softmax(unsure)[0] - softmax(unsure)[1]),
              1e-6);
}

TEST_F(Ranks, TheRegretWhetherTheCompressedModelIsSureOrNot) {
  EXPECT_DOUBLE_EQ(rank("label", sure, {2, 3, 0, 0}), rank("label", sure, {2, 9, 0, 0}));
  EXPECT_LT(rank("margin >= 0.01", sure, {2, 3, 0, 0}), rank("margin >= 0.01", sure, {2, 9, 0, 0}));
}

TEST_F(Ranks, TheFurtherApartTheModelsAreTheHigher) {
  EXPECT_GT(rank("regret >= 0.2", sure, {5, 4, 0, 1}), rank("regret >= 0.2", sure, {5, 3, 0, 1}));
  EXPECT_GT(rank("margin >= 0.2", sure, {5, 4, 0, 1}), rank("margin >= 0.2", sure, {5, 3, 0, 1}));
}

TEST_F(Ranks, RegretThatIsTooSmallAboveNone) {
  EXPECT_GT(rank("regret >= 0.5", unsure, {2, 3, 0, 0}),
            rank("regret >= 0.5", unsure, {3, 2.9, 0, 0}));
}

TEST_F(Ranks, TheScaleOfTheCompressedModelsLogitsChangesNothing) {
  const std::vector<std::vector<double>> answers = {{5, 4, 0, 1}, {5, 3, 0, 1},   {2, 3, 0, 0},
                                                    {9, 1, 1, 1}, {0, 1, 4, 4.5}, {3, 2.9, 2.8, 0}};
  for (const double scale : {0.05, 4.0}) {
    for (const auto& compressed : answers) {
      for (const auto& original : {sure, unsure})
        EXPECT_NEAR(rank("regret >= 0.2", original, compressed, scale),
                    rank("regret >= 0.2", original, compressed), 1e-4)
            << scale;
    }
  }
}

TEST_F(Ranks, AMarginIsByTheProbabilitiesAsTheyAre) {
  // Divided by 20 the compressed model is nowhere sure, and the models are far apart.
  EXPECT_GT(rank("margin >= 0.2", sure, {7, 3, 0, 1}, 0.05),
            rank("margin >= 0.2", sure, {7, 3, 0, 1}) + 0.1);
  EXPECT_NEAR(rank("regret >= 0.2", sure, {7, 3, 0, 1}, 0.05),
              rank("regret >= 0.2", sure, {7, 3, 0, 1}), 1e-4);
}

TEST_F(Ranks, ADeadModelAboveAllThatAgrees) {
  EXPECT_GT(rank("regret >= 0.2", sure, {1, 1, 1, 1}), rank("regret >= 0.2", sure, {5, 4.9, 0, 1}));
  // Also where the seed input's answer was dead, which has no scale.
  EXPECT_GT(rank("regret >= 0.2", sure, {1, 1, 1, 1}, 0), 10);
  EXPECT_LT(rank("regret >= 0.2", unsure, {3, 2.5, 0, 1}), 0);
}

TEST_F(Ranks, BringsTheCompressedModelsScoresToTheScaleOfTheOriginals) {
  const auto first_o = softmax({8, 2, 0, 1}), first_c = softmax({16, 4, 0, 2}, 0.01);
  const auto later = softmax({2, 6, 0, 4}, 0.01), expected = softmax({1, 3, 0, 2});
  const auto at_scale = [&](const std::string& criterion) {
    options_.criterion(Criteria::parse(criterion));
    return Ranking(options_, seed_, {{first_o.data(), 4}, {first_c.data(), 4}})
        .at_scale({later.data(), 4});
  };
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(at_scale("label")[c], expected[c], 1e-4);
    EXPECT_EQ(at_scale("margin >= 0.2")[c], later[c]);
    EXPECT_EQ(at_scale("total_variation >= 0.2")[c], later[c]);
  }
}

}  // namespace
}  // namespace dflare
