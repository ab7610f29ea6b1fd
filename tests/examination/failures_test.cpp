#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examination/pairs.hpp"

namespace dflare {
namespace {

using test::Quarters;
using test::refusal;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ExaminationFailures, AModelThatAlwaysFailsIsSaidOnce) {
  Quarters works;
  Quarters fails([](std::vector<float>, std::size_t, std::size_t) -> std::vector<float> {
    throw ModelError("wants two inputs");
  });
  EXPECT_THAT(refusal(works, fails), AllOf(StartsWith("the compressed model, model 'quarters': "),
                                           HasSubstr("wants two inputs")));
}

TEST(ExaminationFailures, OneThatFailsForSomeImagesIsForTheSearch) {
  Quarters works;
  Quarters fails([](std::vector<float> logits, std::size_t, std::size_t) {
    if (logits[2] > 8) throw ModelError("too bright");
    return logits;
  });
  EXPECT_EQ(examine(works, fails, test::quarters(60)).images, 24U);
}

TEST(ExaminationFailures, NumbersThatAreNotFiniteEverywhereAreAnError) {
  Quarters works, nan(test::each([](float v) { return v * std::nanf(""); }));
  EXPECT_THAT(refusal(works, nan), HasSubstr("not finite (NaN or infinity) to each of 28 images"));
}

TEST(ExaminationFailures, OtherClassesAreAnError) {
  Quarters works, fewer([](std::vector<float> logits, std::size_t, std::size_t) {
    logits.pop_back();
    return logits;
  });
  EXPECT_THAT(refusal(works, fewer), HasSubstr("do not answer for the same classes"));
}

TEST(ExaminationFailures, SeedInputsThatFitNowhereAreAnErrorWithTheName) {
  Quarters original, compressed;
  const Image large(9, 9, CV_8UC1, cv::Scalar(1));
  EXPECT_THAT(refusal(original, compressed, SeedSet::images({large, large}, {}, {"a", "b"})),
              AllOf(StartsWith("seed input 'a': the image is 9 x 9")));
}

TEST(ExaminationFailures, AModelMayBeBothOfAPair) {
  Quarters model;
  EXPECT_EQ(examine(model, model, test::quarters(60)).agreed, 24U);
}

TEST(ExaminationFailures, NoSeedInputsAreForTheVerdict) {
  Quarters original, compressed;
  EXPECT_EQ(examine(original, compressed, SeedSet::images({})).images, 0U);
}

}  // namespace
}  // namespace dflare
