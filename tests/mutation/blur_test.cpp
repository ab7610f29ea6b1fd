#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <set>

#include "mutation/applied.hpp"

namespace dflare::test {
namespace {

Image one_bright_pixel() {
  Image image(15, 15, CV_8UC1, cv::Scalar::all(0));
  image.at<uchar>(7, 7) = 250;
  return image;
}

std::set<double> kernels(const std::string& name, const std::function<void(const Applied&)>& look) {
  std::set<double> seen;
  for (int key = 0; key < 100; ++key) {
    const Applied blurred = apply(name, one_bright_pixel(), key);
    seen.insert(blurred.strength);
    look(blurred);
  }
  return seen;
}

TEST(AverageBlur, SpreadsEvenlyOverItsKernel) {
  const auto seen = kernels("average_blur", [](const Applied& blurred) {
    const double area = blurred.strength * blurred.strength;
    EXPECT_EQ(cv::countNonZero(blurred.mutant), area);
    EXPECT_EQ(blurred.mutant.at<uchar>(7, 7), std::lround(250 / area));
  });
  EXPECT_EQ(seen, (std::set<double>{1, 2, 3, 4, 5}));
}

TEST(GaussianBlur, SpreadsMostToTheMiddleOfItsKernel) {
  const auto seen = kernels("gaussian_blur", [](const Applied& blurred) {
    const int half = static_cast<int>(blurred.strength) / 2;
    EXPECT_EQ(cv::boundingRect(blurred.mutant),
              cv::Rect(7 - half, 7 - half, 2 * half + 1, 2 * half + 1));
    EXPECT_NEAR(cv::sum(blurred.mutant)[0], 250, 12);
    double highest = 0;
    cv::minMaxLoc(blurred.mutant, nullptr, &highest);
    EXPECT_EQ(blurred.mutant.at<uchar>(7, 7), highest);
    if (half > 0) {
      EXPECT_LT(blurred.mutant.at<uchar>(7 - half, 7 - half), highest);
    }
  });
  EXPECT_EQ(seen, (std::set<double>{1, 3, 5, 7}));
}

TEST(MedianBlur, RemovesASinglePixelAndKeepsAnEdge) {
  const auto seen = kernels("median_blur", [](const Applied& blurred) {
    EXPECT_EQ(cv::countNonZero(blurred.mutant), blurred.strength == 1 ? 1 : 0);
  });
  EXPECT_EQ(seen, (std::set<double>{1, 3, 5, 7}));
  Image edge = uniform(0, 20);
  edge.colRange(10, 20).setTo(200);
  for (int key = 0; key < 20; ++key)
    EXPECT_TRUE(same_pixels(apply("median_blur", edge, key).mutant, edge));
}

}  // namespace
}  // namespace dflare::test
