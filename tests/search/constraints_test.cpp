#include "dflare/constraints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <opencv2/core.hpp>

#include "dflare/distances.hpp"
#include "dflare/error.hpp"
#include "dflare/random.hpp"
#include "dflare/transformation.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Constraints l_inf(double limit) {
  Constraints constraints;
  constraints.l_inf = limit;
  return constraints;
}
Constraints l2(double limit) {
  Constraints constraints;
  constraints.l2 = limit;
  return constraints;
}
Constraints pixels(int limit) {
  Constraints constraints;
  constraints.changed_pixels = limit;
  return constraints;
}
Constraints ssim(double limit) {
  Constraints constraints;
  constraints.ssim = limit;
  return constraints;
}

Image grey(const std::vector<uchar>& values) {
  return Image(values, true).reshape(1, 1);
}
Image projected(const Constraints& constraints, const Image& seed, const Image& mutant) {
  Image moved = mutant.clone();
  constraints.project(seed, moved);
  return moved;
}

TEST(Constraints, AreNoneUnlessGiven) {
  EXPECT_FALSE(Constraints().any());
  EXPECT_TRUE(l_inf(0).any() && l2(0).any() && pixels(0).any() && ssim(0).any());
  const Image seed = picture(8, 8, 1, 0), mutant = picture(8, 8, 1, 1);
  EXPECT_TRUE(Constraints().allow(seed, mutant));
  EXPECT_TRUE(same_pixels(projected({}, seed, mutant), mutant));
}

TEST(Constraints, AllowUpToTheLimit) {
  const Image seed = grey({10, 20, 30, 40}), mutant = grey({13, 20, 30, 36});
  EXPECT_TRUE(l_inf(4).allow(seed, mutant));
  EXPECT_FALSE(l_inf(3.9).allow(seed, mutant));
  EXPECT_TRUE(l2(5).allow(seed, mutant));
  EXPECT_FALSE(l2(4.99).allow(seed, mutant));
  EXPECT_TRUE(pixels(2).allow(seed, mutant));
  EXPECT_FALSE(pixels(1).allow(seed, mutant));
  const double similarity = distances(seed, mutant).ssim;
  EXPECT_TRUE(ssim(similarity).allow(seed, mutant));
  EXPECT_FALSE(ssim(similarity + 1e-9).allow(seed, mutant));
}

TEST(Constraints, AllMustAllow) {
  const Image seed = grey({10, 20, 30, 40}), mutant = grey({13, 20, 30, 36});
  Constraints constraints = l_inf(4);
  constraints.l2 = 5;
  EXPECT_TRUE(constraints.allow(seed, mutant));
  constraints.changed_pixels = 1;
  EXPECT_FALSE(constraints.allow(seed, mutant));
}

TEST(Constraints, AlwaysAllowTheSeedImage) {
  Constraints constraints = l_inf(0);
  constraints.l2 = 0;
  constraints.changed_pixels = 0;
  constraints.ssim = 1;
  const Image seed = picture(9, 7, 3);
  EXPECT_TRUE(constraints.allow(seed, seed.clone()));
  EXPECT_TRUE(same_pixels(projected(constraints, seed, picture(9, 7, 3, 1)), seed));
}

TEST(ChangedPixels, CountsPixelsNotValues) {
  const Image seed(4, 5, CV_8UC3, cv::Scalar::all(200));
  Image mutant = seed.clone();
  EXPECT_EQ(changed_pixels(seed, mutant), 0);
  mutant.at<cv::Vec3b>(1, 2) = {203, 200, 196};
  mutant.at<cv::Vec3b>(3, 0) = {200, 188, 200};
  EXPECT_EQ(changed_pixels(seed, mutant), 2);
}

TEST(Constraints, RefuseImagesOfTwoShapes) {
  const auto refusal = [](auto function) { return message_of<ConfigError>(function); };
  EXPECT_THAT(refusal([] { l_inf(3).allow(picture(8, 9, 1), picture(9, 8, 1)); }),
              AllOf(HasSubstr("8 x 9 x 1"), HasSubstr("9 x 8 x 1"), HasSubstr("one shape")));
  EXPECT_THAT(refusal([] { changed_pixels(picture(8, 9, 1), picture(8, 9, 3)); }),
              HasSubstr("8 x 9 x 3"));
}

TEST(Project, ClampsValues) {
  const Image seed = grey({10, 250, 30, 40}), mutant = grey({0, 255, 200, 41});
  EXPECT_TRUE(same_pixels(projected(l_inf(7.5), seed, mutant), grey({3, 255, 37, 41})));
}

TEST(Project, KeepsTheLargestChanges) {
  const Image seed = grey({10, 20, 30, 40, 50}), mutant = grey({13, 11, 33, 40, 53});
  // Of the equal changes those that come first.
  EXPECT_TRUE(same_pixels(projected(pixels(2), seed, mutant), grey({13, 11, 30, 40, 50})));
  EXPECT_TRUE(same_pixels(projected(pixels(3), seed, mutant), grey({13, 11, 33, 40, 50})));
}

TEST(Project, KeepsTheChangesThatWereLargestBeforeTheyWereClamped) {
  Constraints constraints = l_inf(3);
  constraints.changed_pixels = 1;
  const Image seed = grey({10, 20, 30}), mutant = grey({15, 120, 35});
  EXPECT_TRUE(same_pixels(projected(constraints, seed, mutant), grey({10, 23, 30})));
}

TEST(Project, ShrinksTheDifferenceToTheL2Norm) {
  const Image seed = grey({100, 100, 100}), mutant = grey({130, 60, 100});
  EXPECT_TRUE(same_pixels(projected(l2(25), seed, mutant), grey({115, 80, 100})));
  // The largest factor, not only that of the norms: 25 / 50.
  EXPECT_TRUE(same_pixels(projected(l2(25.6), seed, mutant), grey({115, 80, 100})));
  EXPECT_TRUE(same_pixels(projected(l2(26), seed, mutant), grey({115, 79, 100})));
}

TEST(Project, ShrinksTheDifferenceUntilTheImagesAreSimilar) {
  const Image seed = picture(28, 28, 1, 0), mutant = picture(28, 28, 1, 1);
  ASSERT_LT(distances(seed, mutant).ssim, 0.9);
  const Image moved = projected(ssim(0.9), seed, mutant);
  EXPECT_GE(distances(seed, moved).ssim, 0.9);
  EXPECT_LT(distances(seed, moved).ssim, 0.93);
}

TEST(Project, WorksInTheMutantsOwnMemory) {
  const Image seed = picture(12, 12, 3, 0);
  for (const Constraints& constraints : {l_inf(3), l2(40), pixels(5), ssim(0.9), ssim(1)}) {
    Image mutant = picture(12, 12, 3, 1);
    const uchar* before = mutant.data;
    constraints.project(seed, mutant);
    EXPECT_EQ(mutant.data, before);
    EXPECT_NE(mutant.data, seed.data);
  }
}

Image random_image(int height, int width, int type, Random& random) {
  Image image(height, width, type);
  const int low = random.integer(0, 255), high = random.integer(low, 255);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width * image.channels(); ++x)
      image.ptr(y)[x] = static_cast<uchar>(random.integer(low, high));
  }
  return image;
}

/// The image with some of its values changed.
Image random_mutant(const Image& seed, Random& random) {
  Image mutant = seed.clone();
  const double share = random.uniform(), size = random.uniform(0, 120);
  for (int y = 0; y < seed.rows; ++y) {
    for (int x = 0; x < seed.cols * seed.channels(); ++x) {
      uchar& value = mutant.ptr(y)[x];
      if (random.uniform() < share)
        value = cv::saturate_cast<uchar>(value + random.uniform(-size, size));
    }
  }
  return mutant;
}

Constraints random_constraints(Random& random, int area) {
  Constraints constraints;
  const int which = random.integer(0, 4);
  if (which == 0 || which == 4) constraints.l_inf = random.uniform(0, 60);
  if (which == 1 || which == 4) constraints.l2 = random.uniform(0, 300);
  if (which == 2 || which == 4) constraints.changed_pixels = random.integer(0, area);
  if (which == 3 || which == 4) constraints.ssim = random.uniform(-0.2, 1);
  return constraints;
}

TEST(Project, EndsAtAnImageThatIsAllowed) {
  Random random(1);
  int moved_somewhere = 0;
  for (int round = 0; round < 1500; ++round) {
    const int height = random.integer(1, 16), width = random.integer(1, 16);
    const Image seed =
        random_image(height, width, random.integer(0, 1) == 0 ? CV_8UC1 : CV_8UC3, random);
    const Image seed_before = seed.clone(), mutant = random_mutant(seed, random);
    const Constraints constraints = random_constraints(random, height * width);
    const Image moved = projected(constraints, seed, mutant);
    ASSERT_TRUE(constraints.allow(seed, moved)) << "round " << round;
    EXPECT_EQ(moved.type(), seed.type());
    EXPECT_TRUE(same_pixels(seed, seed_before));
    EXPECT_TRUE(same_pixels(moved, projected(constraints, seed, mutant)));
    EXPECT_TRUE(same_pixels(moved, projected(constraints, seed, moved)));
    EXPECT_EQ(constraints.allow(seed, mutant), same_pixels(moved, mutant));
    // No value passes the seed image's or leaves the mutant's side of it.
    const Image out_of_between = (moved < cv::min(seed, mutant)) | (moved > cv::max(seed, mutant));
    EXPECT_EQ(cv::norm(out_of_between, cv::NORM_INF), 0);
    moved_somewhere += !same_pixels(moved, mutant) && !same_pixels(moved, seed) ? 1 : 0;
  }
  EXPECT_GT(moved_somewhere, 500);
}

TEST(Project, ToleratesPartsOfLargerImages) {
  const Image large = picture(30, 40, 3);
  const Image seed = large(cv::Rect(1, 2, 15, 14));
  Constraints constraints = l_inf(20);
  constraints.l2 = 150;
  constraints.changed_pixels = 100;
  Image large_mutant = picture(30, 40, 3, 1);
  Image mutant = large_mutant(cv::Rect(9, 7, 15, 14));
  const Image expected = projected(constraints, seed.clone(), mutant);
  constraints.project(seed, mutant);
  EXPECT_TRUE(same_pixels(mutant, expected));
  EXPECT_TRUE(constraints.allow(seed, mutant));
}

TEST(Constraints, NameTheOneThatMakesNoSense) {
  const auto refusal = [](const Constraints& constraints) {
    return message_of<ConfigError>([&] { constraints.check(); });
  };
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal(l_inf(300)),
            "option l_inf: 300 makes no sense; expected grey levels, 0 to 255");
  EXPECT_EQ(refusal(l_inf(-1)), "option l_inf: -1 makes no sense; expected grey levels, 0 to 255");
  EXPECT_EQ(refusal(l2(-0.5)), "option l2: -0.5 makes no sense; expected grey levels, 0 or more");
  EXPECT_EQ(refusal(l2(infinite)),
            "option l2: inf makes no sense; expected grey levels, 0 or more");
  EXPECT_EQ(refusal(pixels(-1)),
            "option changed_pixels: -1 makes no sense; expected a whole number, 0 or more");
  EXPECT_EQ(refusal(ssim(1.5)), "option ssim: 1.5 makes no sense; expected a similarity, -1 to 1");
  EXPECT_EQ(refusal(ssim(std::numeric_limits<double>::quiet_NaN())),
            "option ssim: nan makes no sense; expected a similarity, -1 to 1");
  for (const Constraints& fine : {Constraints(), l_inf(0), l_inf(255), l2(0), pixels(0), ssim(-1)})
    EXPECT_NO_THROW(fine.check());
}

using Ranges = TransformationRanges;

Ranges range(std::optional<double> Ranges::*which, double value) {
  Ranges ranges;
  ranges.*which = value;
  return ranges;
}

TEST(TransformationRanges, NameTheOneThatMakesNoSense) {
  struct Case {
    std::optional<double> Ranges::*which;
    double value;
    const char* message;
  };
  for (const Case& wrong :
       {Case{&Ranges::rotate, 181, "option rotate: 181 makes no sense; expected degrees, 0 to 180"},
        Case{&Ranges::translate, -1,
             "option translate: -1 makes no sense; expected pixels, 0 or more"},
        Case{&Ranges::translate, std::numeric_limits<double>::infinity(),
             "option translate: inf makes no sense; expected pixels, 0 or more"},
        Case{&Ranges::translate_share, 1.5,
             "option translate_share: 1.5 makes no sense; expected a share of the side, 0 to 1"},
        Case{&Ranges::scale, 0.9, "option scale: 0.9 makes no sense; expected a factor, 1 to 10"},
        Case{&Ranges::shear, 3, "option shear: 3 makes no sense; expected a ratio, 0 to 2"},
        Case{&Ranges::contrast, 11,
             "option contrast: 11 makes no sense; expected a factor, 1 to 10"},
        Case{&Ranges::brightness, 256,
             "option brightness: 256 makes no sense; expected grey levels, 0 to 255"}}) {
    EXPECT_EQ(message_of<ConfigError>([&] { range(wrong.which, wrong.value).check(); }),
              wrong.message);
    EXPECT_NO_THROW(range(wrong.which, 1).check());
    EXPECT_TRUE(range(wrong.which, 1).any());
  }
  EXPECT_FALSE(Ranges().any());
  EXPECT_NO_THROW(Ranges().check());
}

}  // namespace
}  // namespace dflare::test
