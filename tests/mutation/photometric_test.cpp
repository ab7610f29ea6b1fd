#include <gtest/gtest.h>

#include <cmath>

#include "mutation/applied.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

TEST(Brightness, AddsWholeGreyLevels) {
  for (int key = 0; key < 50; ++key) {
    const Applied shifted = apply("brightness", uniform(100, 5), key);
    EXPECT_EQ(share(shifted.mutant, 100 + static_cast<int>(shifted.strength)), 1);
    EXPECT_NE(shifted.strength, 0);
  }
  const Range range = strengths("brightness", uniform(100, 2));
  EXPECT_EQ(range.lowest, -32);
  EXPECT_EQ(range.highest, 32);
}

TEST(Brightness, ReachesAllChannels) {
  const Image grey(4, 4, CV_8UC3, cv::Scalar::all(100));
  const Applied shifted = apply("brightness", grey, 1);
  EXPECT_TRUE(
      same_pixels(shifted.mutant, Image(4, 4, CV_8UC3, cv::Scalar::all(100 + shifted.strength))));
}

TEST(Contrast, StretchesAboutTheMeanOfTheImage) {
  Image image(10, 10, CV_8UC3, cv::Scalar(40, 100, 160));
  const Range range = strengths("contrast", image);
  EXPECT_NEAR(range.lowest, 100 * (std::exp(-0.3) - 1), 0.5);
  EXPECT_NEAR(range.highest, 100 * (std::exp(0.3) - 1), 0.5);
  const Applied changed = apply("contrast", image, 4);
  const double factor = 1 + changed.strength / 100;
  const cv::Vec3b pixel = changed.mutant.at<cv::Vec3b>(3, 3);
  EXPECT_NEAR(pixel[0], 100 - 60 * factor, 0.51);
  EXPECT_EQ(pixel[1], 100);
  EXPECT_NEAR(pixel[2], 100 + 60 * factor, 0.51);
}

TEST(Jpeg, CompressesAtTheQualityItReports) {
  const Image image = picture(32, 32, 3);
  const Range range = strengths("jpeg", uniform(100, 8));
  EXPECT_EQ(range.lowest, 30);
  EXPECT_EQ(range.highest, 95);
  double low_quality = 0, high_quality = 0;
  for (int key = 0; key < 200; ++key) {
    const Applied compressed = apply("jpeg", image, key);
    const double loss = cv::norm(image, compressed.mutant, cv::NORM_L1) / 3072;
    if (compressed.strength < 40) low_quality = std::max(low_quality, loss);
    if (compressed.strength > 85) high_quality = std::max(high_quality, loss);
  }
  EXPECT_GT(low_quality, high_quality);
  EXPECT_GT(high_quality, 0);
  EXPECT_LT(low_quality, 16);
}

TEST(Jpeg, KeepsTheOrderOfTheColours) {
  const cv::Scalar orange(230, 120, 20);
  const Image mutant = apply("jpeg", Image(16, 16, CV_8UC3, orange), 2).mutant;
  const cv::Scalar mean = cv::mean(mutant);
  for (int channel = 0; channel < 3; ++channel) EXPECT_NEAR(mean[channel], orange[channel], 8);
}

}  // namespace
}  // namespace dflare::test
