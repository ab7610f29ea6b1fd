#include "dflare/deviation.hpp"

#include <gtest/gtest.h>

namespace dflare {
namespace {

class Deviates : public ::testing::Test {
 protected:
  Answer answer(std::vector<float> original, std::vector<float> compressed) {
    original_ = std::move(original);
    compressed_ = std::move(compressed);
    return {{original_.data(), static_cast<int>(original_.size())},
            {compressed_.data(), static_cast<int>(compressed_.size())}};
  }
  std::vector<float> original_, compressed_;
};

TEST_F(Deviates, WhereTheLabelsDiffer) {
  const Answer a = answer({0.7F, 0.2F, 0.1F}, {0.3F, 0.6F, 0.1F});
  EXPECT_TRUE(deviates(a));
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_margin(a)), 0.3F);  // min(0.7 - 0.2, 0.6 - 0.3)
}

TEST_F(Deviates, NotWhereTheyAgree) {
  const Answer a = answer({0.7F, 0.2F, 0.1F}, {0.5F, 0.4F, 0.1F});
  EXPECT_FALSE(deviates(a));
  EXPECT_LE(deviation_margin(a), 0);
}

TEST_F(Deviates, NotWhereTiedLabelsShareAClass) {
  // Read one way (first of the tied) these labels differ; the compressed model does not prefer 1
  // over 0.
  const Answer a = answer({0.2F, 0.6F, 0.2F}, {0.4F, 0.4F, 0.2F});
  EXPECT_FALSE(deviates(a));
  EXPECT_EQ(deviation_margin(a), 0);
}

TEST_F(Deviates, WhereTiedLabelsShareNone) {
  const Answer a = answer({0.2F, 0.2F, 0.6F}, {0.4F, 0.4F, 0.2F});
  EXPECT_TRUE(deviates(a));
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_margin(a)), 0.2F);
}

TEST_F(Deviates, MarginIsThatOfTheNearestOfTiedLabels) {
  // The original is surer against class 0 (0.5) than against class 1 (0.4): the smaller one counts.
  const Answer a = answer({0.1F, 0.2F, 0.6F, 0.1F}, {0.45F, 0.45F, 0.05F, 0.05F});
  EXPECT_TRUE(deviates(a));
  EXPECT_NEAR(deviation_margin(a), 0.4, 1e-6);
}

class Regret : public Deviates {};

TEST_F(Regret, IsHowMuchTheOriginalPrefersItsLabelOverTheCompressedModels) {
  const Answer a = answer({0.7F, 0.2F, 0.1F}, {0.3F, 0.6F, 0.1F});
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_regret(a)), 0.5F);
  EXPECT_EQ(regretted_label(a), 1);
}

TEST_F(Regret, IsNoneWhereTheLabelsAgree) {
  const Answer a = answer({0.7F, 0.2F, 0.1F}, {0.34F, 0.33F, 0.33F});
  EXPECT_EQ(deviation_regret(a), 0);
  EXPECT_EQ(regretted_label(a), 0);
}

TEST_F(Regret, DoesNotAskTheCompressedModelToBeSure) {
  EXPECT_EQ(deviation_regret(answer({0.9F, 0.1F}, {0.499F, 0.501F})),
            deviation_regret(answer({0.9F, 0.1F}, {0.001F, 0.999F})));
}

TEST_F(Regret, CountsATieWithAnotherClass) {
  // The original says 1, the compressed model 0 or 1.
  const Answer a = answer({0.2F, 0.6F, 0.2F}, {0.4F, 0.4F, 0.2F});
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_regret(a)), 0.4F);
  EXPECT_EQ(regretted_label(a), 0);
}

TEST_F(Regret, OfATieIsThatOfTheClassWhichTheOriginalLikesLeast) {
  const Answer a = answer({0.3F, 0.6F, 0.1F}, {0.3F, 0.35F, 0.35F});
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_regret(a)), 0.5F);
  EXPECT_EQ(regretted_label(a), 2);
}

TEST_F(Regret, OfADeadModelIsTheLargestThereIs) {
  const Answer a = answer({0.97F, 0.02F, 0.01F}, {0.25F, 0.25F, 0.25F});
  EXPECT_FLOAT_EQ(static_cast<float>(deviation_regret(a)), 0.96F);
  EXPECT_EQ(regretted_label(a), 2);
}

TEST_F(Regret, IsNoneWhereTheOriginalTiesOnTheSameClasses) {
  EXPECT_EQ(deviation_regret(answer({0.4F, 0.4F, 0.2F}, {0.4F, 0.4F, 0.2F})), 0);
  EXPECT_EQ(deviation_regret(answer({0.4F, 0.4F, 0.2F}, {0.1F, 0.7F, 0.2F})), 0);
  EXPECT_FLOAT_EQ(
      static_cast<float>(deviation_regret(answer({0.4F, 0.4F, 0.2F}, {0.3F, 0.3F, 0.3F}))), 0.2F);
}

TEST_F(Deviates, LabelsAreAllClassesOnTop) {
  const std::vector<float> scores = {0.1F, 0.4F, 0.1F, 0.4F};
  const ScoreRow row{scores.data(), 4};
  EXPECT_EQ(labels_of(row), (std::vector<int>{1, 3}));
  EXPECT_EQ(top_label(row), 1);
}

}  // namespace
}  // namespace dflare
