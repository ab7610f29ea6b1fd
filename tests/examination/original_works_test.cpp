#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "examination/feedings.hpp"
#include "examination/pairs.hpp"
#include "model/model_access.hpp"

namespace dflare {
namespace {

using test::Quarters;
using test::refusal;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

InputSpec ranged(float low, float high) {
  InputSpec input = Quarters::spec();
  input.low = low;
  input.high = high;
  return input;
}

TEST(OriginalWorks, OneThatDoesIsPassedInSilence) {
  for (const bool labelled : {true, false}) {
    Quarters original, compressed;
    ModelAccess::feed(compressed, ranged(0, 0.9F));
    const Examination found = examine(original, compressed, test::quarters(60, labelled));
    EXPECT_THAT(found.remarks, IsEmpty());
    EXPECT_EQ(found.images, 24U);
    EXPECT_EQ(found.classes_given, 4);
    EXPECT_EQ(found.labelled, labelled ? 24U : 0U);
    EXPECT_EQ(found.original_right, found.labelled);
    EXPECT_EQ(found.compressed_right, found.labelled);
    EXPECT_EQ(found.agreed, 24U);
    EXPECT_LE(found.evaluations, 60U);
  }
}

TEST(OriginalWorks, AWrongRangeIsNamedWithTheOneThatHelps) {
  for (const bool labelled : {true, false}) {
    Quarters original(nullptr, ranged(0, 255)), compressed(nullptr, ranged(0, 255));
    EXPECT_THAT(refusal(original, compressed, test::quarters(60, labelled)),
                AllOf(HasSubstr(labelled ? ", 0, and is right on " : "one class, 0"),
                      HasSubstr("with range: [0, 1] it gives 4 classes"),
                      HasSubstr("accept_original: true")))
        << labelled;
  }
}

TEST(OriginalWorks, AcceptedByOptionItIsARemark) {
  Quarters original(nullptr, ranged(0, 255)), compressed(nullptr, ranged(0, 254));
  const Examination found =
      examine(original, compressed, test::quarters(60), Options().accept_original(true));
  EXPECT_THAT(found.remarks, Contains(HasSubstr("with range: [0, 1] it gives 4 classes")));
}

TEST(OriginalWorks, LabelsMovedByOneAreNamed) {
  Quarters original, compressed;
  EXPECT_THAT(refusal(original, compressed, test::quarters(60, true, 1)),
              AllOf(HasSubstr("right on 0 of 24"), HasSubstr("with labels that are lower by one")));
  EXPECT_THAT(refusal(original, compressed, test::quarters(60, true, -1)),
              HasSubstr("with labels that are higher by one"));
}

TEST(OriginalWorks, ChanceIsNamedWhereNothingHelps) {
  // The quarters are told apart, but the labels are others': as if they were of other images.
  std::vector<Image> images;
  std::vector<int> labels;
  const SeedSet seeds = test::quarters(60);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    images.push_back(seeds.load(i).image);
    labels.push_back(static_cast<int>(i / 4 % 4));
  }
  Quarters original, compressed;
  EXPECT_THAT(refusal(original, compressed, SeedSet::images(images, labels)),
              HasSubstr(", which is what chance gives with 4 classes, and no other usual feeding"));
}

TEST(OriginalWorks, LabelsWithoutAClassAreNamed) {
  const Image image = test::quarters(1).load(0).image;
  Quarters original, compressed;
  EXPECT_THAT(refusal(original, compressed, SeedSet::images({image, image}, {3, 255}, {"a", "b"})),
              HasSubstr("1 of 2 seed inputs have labels that the models have no class for: 'b' is "
                        "labelled 255, and their classes are 0 to 3"));
}

TEST(OriginalWorks, OneClassOfTwoIsARemark) {
  const auto two = [](std::vector<float> logits, std::size_t, std::size_t) {
    return std::vector<float>{20 + logits[0], logits[1] + logits[2]};
  };
  Quarters original(two), compressed(two);
  const Examination found = examine(original, compressed, test::quarters(60, false));
  EXPECT_THAT(found.remarks, Contains(HasSubstr("one class, 0")));
}

TEST(OriginalWorks, FewSeedInputsSayNothing) {
  Quarters original, compressed(nullptr, ranged(0, 0.9F));
  const Image image = test::quarters(1).load(0).image;
  EXPECT_THAT(examine(original, compressed, SeedSet::images({image, image, image})).remarks,
              IsEmpty());
}

TEST(OriginalWorks, ADeadModelIsAnErrorOnEitherSide) {
  Quarters works;
  for (const float value : {0.0F, 0.25F, 3.0F}) {
    Quarters dead([value](std::vector<float>, std::size_t, std::size_t) {
      return std::vector<float>(4, value);
    });
    EXPECT_THAT(refusal(works, dead),
                HasSubstr("the compressed model, model 'quarters': gives the same scores to all"));
    const SeedSet one = test::quarters(1);
    EXPECT_THAT(refusal(dead, works, one), HasSubstr("the original, model 'quarters': gives the"));
    EXPECT_THAT(refusal(works, dead, one), HasSubstr("the compressed model, model 'quarters'"));
  }
}

TEST(OriginalWorks, BeingRightOnNoneOfAFewIsARemark) {
  Quarters original, compressed;
  EXPECT_THAT(examine(original, compressed, test::quarters(7, true, 1)).remarks,
              Contains(HasSubstr("right on none of 7 seed inputs")));
  EXPECT_THAT(examine(original, compressed, test::quarters(2, true, 1)).remarks,
              Not(Contains(HasSubstr("right on none"))));
}

TEST(OriginalWorks, WrongAnswersThatHappenToBeMovedByOneAreNotTheLabels) {
  // Takes one of three classes for the next one: right on two thirds, and all errors are by one.
  const auto confuses = [](std::vector<float> logits, std::size_t, std::size_t) {
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    if (best == 1) std::rotate(logits.begin(), logits.end() - 1, logits.end());
    return logits;
  };
  Quarters original(confuses), compressed(confuses);
  EXPECT_EQ(refusal(original, compressed, test::quarters(60, true, 0, 3)), "nothing was thrown");
}

TEST(OriginalWorks, TheSameAnswersAreSaid) {
  Quarters original, compressed;
  EXPECT_THAT(examine(original, compressed, test::quarters(60)).remarks,
              Contains(HasSubstr("the same scores, to the last bit, to all of 28 images")));
  class File : public Quarters {
   public:
    File() {
      info_.path = "a.pt";
      info_.sha256 = "ab";
    }
  };
  File a, b;
  EXPECT_THAT(examine(a, b, test::quarters(60)).remarks,
              Contains(HasSubstr("the same file under the same runtime")));
}

TEST(OriginalWorks, OtherFeedingsAreNoneOfTheGiven) {
  InputSpec imagenet;
  imagenet.mean = {0.485F, 0.456F, 0.406F};
  imagenet.stddev = {0.229F, 0.224F, 0.225F};
  std::vector<std::string> texts;
  for (const Feeding& feeding : other_feedings(imagenet, 3)) texts.push_back(feeding.text);
  EXPECT_THAT(
      texts,
      AllOf(
          Contains("range: [0, 255]"), Contains("range: [-1, 1]"), Contains("range: [0, 1]"),
          Contains("the channels in the order blue, green, red"),
          Not(Contains(HasSubstr("range: [0, 1], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, "
                                 "0.225]")))));
}

}  // namespace
}  // namespace dflare
