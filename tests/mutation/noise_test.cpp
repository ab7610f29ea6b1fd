#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "mutation/applied.hpp"

namespace dflare::test {
namespace {

TEST(GaussianNoise, TruncationLowersHalfOfTheValuesByOne) {
  const Applied noise = apply("gaussian_noise", uniform(100), 5);
  EXPECT_NEAR(share(noise.mutant, 99), 0.5, 0.02);
  EXPECT_NEAR(share(noise.mutant, 100), 0.5, 0.02);
  // A normal number of this variance is above 1 with probability 0.0008.
  EXPECT_NEAR(share(noise.mutant, 101), 0.0008, 0.0012);
  EXPECT_NEAR(noise.strength, 0.316, 0.001);
}

TEST(GaussianNoise, StaysWithinTheRangeAtBothEnds) {
  const Image black = apply("gaussian_noise", uniform(0), 5).mutant;
  EXPECT_GT(share(black, 0), 0.99);
  EXPECT_EQ(share(black, 255), 0);
  const Image white = apply("gaussian_noise", uniform(255), 5).mutant;
  EXPECT_NEAR(share(white, 255), 0.5, 0.02);
  EXPECT_EQ(share(white, 0), 0);
}

TEST(SaltAndPepper, SetsTwoInAThousandToEachEnd) {
  const Applied speckled = apply("salt_and_pepper", uniform(100), 5);
  EXPECT_EQ(speckled.strength, 40);
  // A position may be drawn twice.
  EXPECT_GE(cv::countNonZero(speckled.mutant == 255), 16);
  EXPECT_LE(cv::countNonZero(speckled.mutant == 255), 20);
  EXPECT_GE(cv::countNonZero(speckled.mutant == 0), 16);
  EXPECT_LE(cv::countNonZero(speckled.mutant == 0), 20);
  EXPECT_GE(share(speckled.mutant, 100), 0.996);
}

TEST(SaltAndPepper, ChangesAtLeastOneValueOfEachKind) {
  const Image small = apply("salt_and_pepper", uniform(100, 5), 1).mutant;
  EXPECT_EQ(cv::countNonZero(small == 255), 1);
  EXPECT_EQ(cv::countNonZero(small == 0), 1);
}

TEST(SaltAndPepper, ChangesTheChannelsOneByOne) {
  const Image grey(100, 100, CV_8UC3, cv::Scalar::all(100));
  const Image mutant = apply("salt_and_pepper", grey, 5).mutant;
  EXPECT_LE(cv::countNonZero(mutant.reshape(1) == 255), 60);
  EXPECT_GE(cv::countNonZero(mutant.reshape(1) == 255), 50);
}

TEST(MultiplicativeNoise, HasTheMeanItReportsAndAVarianceInItsRange) {
  for (int key = 0; key < 20; ++key) {
    const Applied noise = apply("multiplicative_noise", uniform(80), key);
    cv::Scalar mean, deviation;
    cv::meanStdDev(noise.mutant, mean, deviation);
    // Truncation takes half a grey level; the mean of 10,000 values is known to 0.2.
    EXPECT_NEAR(mean[0], 80 * (1 + noise.strength / 100) - 0.5, 1);
    EXPECT_LE(deviation[0], 80 * std::sqrt(0.05) + 1);
  }
}

TEST(MultiplicativeNoise, DrawsMeanAndVarianceForEachMutant) {
  const Range mean = strengths("multiplicative_noise", uniform(100, 4));
  EXPECT_GE(mean.lowest, -50);
  EXPECT_LT(mean.lowest, -48);
  EXPECT_LE(mean.highest, 50);
  EXPECT_GT(mean.highest, 48);
  double smallest = 100, largest = 0;
  for (int key = 0; key < 200; ++key) {
    cv::Scalar average, deviation;
    cv::meanStdDev(apply("multiplicative_noise", uniform(100, 30), key).mutant, average, deviation);
    smallest = std::min(smallest, deviation[0]);
    largest = std::max(largest, deviation[0]);
  }
  EXPECT_LT(smallest, 5);
  EXPECT_GT(largest, 20);
}

TEST(MultiplicativeNoise, LeavesBlackAlone) {
  EXPECT_EQ(share(apply("multiplicative_noise", uniform(0), 3).mutant, 0), 1);
}

TEST(MultiplicativeNoise, ClipsAtWhite) {
  int strong = 0;
  for (int key = 0; key < 100; ++key) {
    const Applied noise = apply("multiplicative_noise", uniform(250, 30), key);
    if (noise.strength < 40) continue;
    ++strong;
    EXPECT_GT(share(noise.mutant, 255), 0.9) << "key " << key;
  }
  EXPECT_GT(strong, 0);
}

TEST(RandomPixels, ReplacesOneToNineValues) {
  const Image image = uniform(100, 50);
  std::set<double> counts;
  std::set<int> values;
  for (int key = 0; key < 500; ++key) {
    const Applied changed = apply("random_pixels", image, key);
    const Image where = changed.mutant != image;
    EXPECT_LE(cv::countNonZero(where), changed.strength);
    // Short of the number only where one value was drawn twice, or replaced by itself.
    EXPECT_GE(cv::countNonZero(where), changed.strength - 2);
    counts.insert(changed.strength);
    for (const uchar value : cv::Mat_<uchar>(changed.mutant)) values.insert(value);
  }
  EXPECT_EQ(counts, (std::set<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_GT(values.size(), 250U);
}

}  // namespace
}  // namespace dflare::test
