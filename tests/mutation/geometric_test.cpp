#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>

#include "mutation/applied.hpp"

namespace dflare::test {
namespace {

// A spot 9 pixels right of and 6 below the centre of a 41 x 41 image, and where its centre goes.
const cv::Point2d spot_from_centre(9, 6);

cv::Point2d moved_spot(const Image& mutant) {
  const cv::Moments moments = cv::moments(mutant);
  return {moments.m10 / moments.m00 - 20, moments.m01 / moments.m00 - 20};
}

void expect_spot(const std::string& name,
                 const std::function<cv::Point2d(double strength, cv::Point2d)>& expected) {
  Image image(41, 41, CV_8UC1, cv::Scalar::all(0));
  image(cv::Rect(20 + 9 - 1, 20 + 6 - 1, 3, 3)).setTo(240);
  for (int key = 0; key < 50; ++key) {
    const Applied warped = apply(name, image, key);
    const cv::Point2d difference =
        moved_spot(warped.mutant) - expected(warped.strength, spot_from_centre);
    EXPECT_LT(std::hypot(difference.x, difference.y), 0.15) << name << " by " << warped.strength;
  }
}

TEST(Translation, MovesByTheDistanceItReports) {
  Image image(41, 41, CV_8UC1, cv::Scalar::all(0));
  image(cv::Rect(19, 19, 3, 3)).setTo(240);
  for (int key = 0; key < 50; ++key) {
    const Applied moved = apply("translation", image, key);
    const cv::Point2d to = moved_spot(moved.mutant);
    EXPECT_NEAR(std::hypot(to.x, to.y), moved.strength, 0.1);
    EXPECT_LE(std::max(std::abs(to.x), std::abs(to.y)), 41 * 2.0 / 28 + 0.1);
  }
  EXPECT_GT(strengths("translation", image).highest, 3.5);
}

TEST(Rotation, TurnsCounterClockwiseAboutTheCentre) {
  expect_spot("rotation", [](double degrees, cv::Point2d from) {
    const double a = degrees * CV_PI / 180;
    // The vertical axis of an image points down.
    return cv::Point2d(std::cos(a) * from.x + std::sin(a) * from.y,
                       -std::sin(a) * from.x + std::cos(a) * from.y);
  });
  const Range range = strengths("rotation", uniform(9, 3));
  EXPECT_NEAR(range.lowest, -15, 0.2);
  EXPECT_NEAR(range.highest, 15, 0.2);
}

TEST(Scale, StretchesAboutTheCentre) {
  expect_spot("scale", [](double factor, cv::Point2d from) { return factor * from; });
  const Range range = strengths("scale", uniform(9, 3));
  EXPECT_NEAR(range.lowest, 0.85, 0.002);
  EXPECT_NEAR(range.highest, 1.18, 0.002);
  EXPECT_GE(range.lowest, 0.85);
  EXPECT_LE(range.highest, 1.18);
}

TEST(Shear, MovesRowsSidewaysInProportionToTheirHeight) {
  expect_spot("shear", [](double ratio, cv::Point2d from) {
    return cv::Point2d(from.x + ratio * from.y, from.y);
  });
  const Range range = strengths("shear", uniform(9, 3));
  EXPECT_NEAR(range.lowest, -0.2, 0.002);
  EXPECT_NEAR(range.highest, 0.2, 0.002);
}

TEST(GeometricOperators, ReplicateTheEdges) {
  const MutationSet set = MutationSet::named("geometric");
  for (std::size_t i = 0; i < set.size(); ++i) {
    for (int key = 0; key < 20; ++key)
      EXPECT_EQ(share(apply(set[i].name, uniform(173, 28), key).mutant, 173), 1) << set[i].name;
  }
}

}  // namespace
}  // namespace dflare::test
