#include "dflare/distances.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/ocl.hpp>

#include "dflare/error.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Distances, OfEqualImagesAreNone) {
  const Image image = picture(28, 28, 3);
  const Distances none = distances(image, image.clone());
  EXPECT_EQ(none.l2, 0);
  EXPECT_EQ(none.l_inf, 0);
  EXPECT_EQ(none.ssim, 1);
}

TEST(Distances, AreInGreyLevelsOverAllValues) {
  const Image seed(4, 5, CV_8UC3, cv::Scalar::all(200));
  Image mutant = seed.clone();
  mutant.at<cv::Vec3b>(1, 2) = {203, 200, 196};
  mutant.at<cv::Vec3b>(3, 0) = {200, 188, 200};
  const Distances found = distances(seed, mutant);
  EXPECT_DOUBLE_EQ(found.l2, 13);  // 3, 4 and 12
  EXPECT_EQ(found.l_inf, 12);
}

TEST(Distances, ToleratePartsOfLargerImages) {
  const Image larger = picture(30, 40, 1);
  const Image a = larger(cv::Rect(1, 2, 15, 14)), b = larger(cv::Rect(9, 7, 15, 14));
  const Distances parts = distances(a, b), copies = distances(a.clone(), b.clone());
  EXPECT_EQ(parts.l2, copies.l2);
  EXPECT_EQ(parts.l_inf, copies.l_inf);
  EXPECT_EQ(parts.ssim, copies.ssim);
}

// By hand, for images that are uniform: means 100 and 50, no variance, C1 = (0.01 * 255)^2.
TEST(StructuralSimilarity, OfUniformImagesIsThatOfTheirMeans) {
  const Image seed(20, 20, CV_8UC1, cv::Scalar::all(100));
  const Image mutant(20, 20, CV_8UC1, cv::Scalar::all(50));
  const double c1 = 6.5025;
  EXPECT_NEAR(distances(seed, mutant).ssim, (2 * 100 * 50 + c1) / (100 * 100 + 50 * 50 + c1), 1e-4);
}

TEST(StructuralSimilarity, IsTheMeanOverTheThreeChannels) {
  const Image seed(20, 20, CV_8UC3, cv::Scalar::all(100));
  const Image mutant(20, 20, CV_8UC3, cv::Scalar(50, 100, 100));
  const double c1 = 6.5025, of_first = (2 * 100 * 50 + c1) / (100 * 100 + 50 * 50 + c1);
  EXPECT_NEAR(distances(seed, mutant).ssim, (of_first + 2) / 3, 1e-4);
}

TEST(StructuralSimilarity, FallsAsAnImageLosesItsStructure) {
  const Image seed = picture(28, 28, 1);
  Image slightly = seed.clone(), inverted = 255 - seed;
  slightly.at<uchar>(4, 4) ^= 0x20;
  const double near = distances(seed, slightly).ssim, far = distances(seed, inverted).ssim;
  EXPECT_LT(near, 1);
  EXPECT_GT(near, 0.9);
  EXPECT_LT(far, 0.5);
}

TEST(StructuralSimilarity, IsDefinedForImagesSmallerThanItsWindow) {
  for (const int channels : {1, 3}) {
    for (const ImageSize size :
         {ImageSize{1, 1}, ImageSize{3, 5}, ImageSize{10, 10}, ImageSize{1, 40}}) {
      const Image seed = picture(size.height, size.width, channels);
      const Image mutant = 255 - seed;
      const double ssim = distances(seed, mutant).ssim;
      EXPECT_TRUE(std::isfinite(ssim)) << shape_text(seed);
      EXPECT_LT(ssim, 1) << shape_text(seed);
    }
  }
}

TEST(StructuralSimilarity, LeavesOpenClAsItWas) {
  const bool before = cv::ocl::useOpenCL();
  distances(picture(12, 12, 1, 0), picture(12, 12, 1, 1));
  EXPECT_EQ(cv::ocl::useOpenCL(), before);
}

TEST(Distances, RefuseImagesOfTwoShapes) {
  const auto refusal = [](const Image& a, const Image& b) {
    return message_of<ConfigError>([&] { distances(a, b); });
  };
  EXPECT_THAT(refusal(picture(8, 9, 1), picture(9, 8, 1)),
              AllOf(HasSubstr("8 x 9 x 1"), HasSubstr("9 x 8 x 1"), HasSubstr("one shape")));
  EXPECT_THAT(refusal(picture(8, 8, 1), picture(8, 8, 3)), HasSubstr("8 x 8 x 3 (CV_8UC3)"));
  EXPECT_THAT(refusal(Image(2, 2, CV_32FC1, 0.0), Image(2, 2, CV_32FC1, 0.0)),
              HasSubstr("CV_32FC1"));
  EXPECT_THAT(refusal(Image(), Image()), HasSubstr("0 x 0"));
}

}  // namespace
}  // namespace dflare::test
