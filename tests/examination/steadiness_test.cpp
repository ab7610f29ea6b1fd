#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "examination/pairs.hpp"

namespace dflare {
namespace {

using test::Quarters;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<float> plus(std::vector<float> logits, double change) {
  logits[0] += static_cast<float>(change);
  return logits;
}

/// Each call of each replica adds another random number.
Quarters::Answers noisy() {
  auto random = std::make_shared<Random>(5);
  return [random](std::vector<float> logits, std::size_t, std::size_t) {
    return plus(std::move(logits), random->uniform(-1, 1));
  };
}

/// Grows with each image that it answers to, up to a limit.
Quarters::Answers counting(double limit) {
  auto count = std::make_shared<double>(0);
  return [count, limit](std::vector<float> logits, std::size_t, std::size_t) {
    *count = std::min(*count + 1, limit);
    for (float& value : logits) value *= static_cast<float>(*count / limit);
    return logits;
  };
}

TEST(Steadiness, RandomAnswersAreAnErrorWithTheirCauses) {
  Quarters steady, noise(noisy());
  EXPECT_THAT(test::refusal(noise, steady),
              AllOf(StartsWith("the original, model 'quarters': asked the same twice, it answers "
                               "differently ("),
                    HasSubstr("call model.eval() before exporting"), HasSubstr("observers"),
                    HasSubstr("counter")));
  EXPECT_THAT(test::refusal(steady, noise),
              StartsWith("the compressed model, model 'quarters': asked the same twice"));
}

TEST(Steadiness, AMaskedClassHidesNoNoise) {
  const auto noise = noisy();
  const auto masked = [](Quarters::Answers answers) {
    return [answers](std::vector<float> logits, std::size_t place, std::size_t images) {
      if (answers) logits = answers(std::move(logits), place, images);
      logits.push_back(-1e9F);
      return logits;
    };
  };
  Quarters steady(masked(nullptr)), noisy_one(masked(noise));
  EXPECT_THAT(test::refusal(noisy_one, steady), HasSubstr("asked the same twice"));
}

TEST(Steadiness, StateIsAnError) {
  for (const double limit : {60.0, 1000.0}) {
    Quarters steady, counter(counting(limit));
    EXPECT_THAT(test::refusal(steady, counter), HasSubstr("asked the same twice")) << limit;
  }
}

TEST(Steadiness, AReplicaThatAnswersDifferentlyIsAnError) {
  class Unlike : public Quarters {
   public:
    explicit Unlike(double change)
        : Quarters([change](std::vector<float> logits, std::size_t, std::size_t) {
            return plus(std::move(logits), change);
          }) {}
    std::shared_ptr<Model> replicate() const override { return std::make_shared<Unlike>(0.7); }
  };
  Unlike unlike(0);
  Quarters steady;
  EXPECT_THAT(test::refusal(steady, unlike), HasSubstr("a replica of it, made for another worker"));
}

TEST(Steadiness, WhatDependsOnTheBatchIsEvaluatedOneByOne) {
  Quarters steady, dynamic([](std::vector<float> logits, std::size_t, std::size_t images) {
    return plus(std::move(logits), static_cast<double>(images) / 10);
  });
  const Examination found = examine(steady, dynamic, test::quarters(60));
  EXPECT_THAT(found.remarks,
              Contains(HasSubstr("the compressed model answers an image differently beside other "
                                 "images")));
  EXPECT_TRUE(dynamic.info().one_by_one);
  EXPECT_TRUE(dynamic.replicate()->info().one_by_one);
  EXPECT_FALSE(steady.info().one_by_one);
  const Image image = test::quarters(1).load(0).image;
  const Scores together = dynamic.predict(ImageBatch(std::vector<Image>(5, image)));
  const Scores alone = dynamic.predict(image);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(together.row(i)[0], alone.row(0)[0]);
}

TEST(Steadiness, LastBitsAndARoundingHereAndThereStayWhatTheyAre) {
  Quarters bits([](std::vector<float> logits, std::size_t place, std::size_t) {
    return plus(std::move(logits), place % 3 == 0 ? 1e-5 : 0);
  });
  Quarters rounding([](std::vector<float> logits, std::size_t place, std::size_t images) {
    return plus(std::move(logits), images > 1 && place == 3 ? 0.1 : 0);
  });
  EXPECT_THAT(examine(bits, rounding, test::quarters(60)).remarks, IsEmpty());
  EXPECT_FALSE(bits.info().one_by_one);
  EXPECT_FALSE(rounding.info().one_by_one);
}

}  // namespace
}  // namespace dflare
