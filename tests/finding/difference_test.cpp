#include "finding/difference.hpp"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "support/images.hpp"

namespace dflare::test {
namespace {

TEST(DifferencePicture, StretchesTheLargestDifference) {
  const Image seed(2, 2, CV_8UC1, cv::Scalar::all(100));
  Image mutant = seed.clone();
  mutant.at<uchar>(0, 0) = 102;
  mutant.at<uchar>(1, 1) = 99;
  const DifferencePicture picture = difference_picture(seed, mutant);
  EXPECT_EQ(picture.gain, 63.5);
  EXPECT_EQ(picture.image.at<uchar>(0, 0), 255);
  EXPECT_EQ(picture.image.at<uchar>(0, 1), 128);
  EXPECT_NEAR(picture.image.at<uchar>(1, 1), 128 - 63.5, 0.5);
}

TEST(DifferencePicture, TellsUpFromDownInEachChannel) {
  const Image seed(3, 3, CV_8UC3, cv::Scalar::all(0));
  const Image mutant(3, 3, CV_8UC3, cv::Scalar(255, 0, 128));
  const DifferencePicture up = difference_picture(seed, mutant),
                          down = difference_picture(mutant, seed);
  EXPECT_EQ(up.image.at<cv::Vec3b>(1, 1), cv::Vec3b(255, 128, 192));
  EXPECT_EQ(down.image.at<cv::Vec3b>(1, 1), cv::Vec3b(1, 128, 64));
}

TEST(DifferencePicture, OfEqualImagesIsGrey) {
  const Image image = picture(5, 5, 1);
  const DifferencePicture none = difference_picture(image, image);
  EXPECT_EQ(none.gain, 1);
  EXPECT_EQ(cv::countNonZero(none.image != 128), 0);
}

}  // namespace
}  // namespace dflare::test
