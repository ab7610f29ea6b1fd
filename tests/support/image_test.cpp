#include "support/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/image_files.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

using test::encoded;
using test::file_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// Blue, green, red from red, green, blue.
cv::Mat reversed(const Image& image) {
  if (image.channels() == 1) return image.clone();
  cv::Mat bgr;
  cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
  return bgr;
}

double mean_difference(const Image& a, const Image& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * a.channels());
}

TEST(ImageText, NamesHeightWidthChannels) {
  EXPECT_EQ(shape_text(Image(28, 30, CV_8UC1)), "28 x 30 x 1");
  EXPECT_EQ(shape_text(Image(2, 3, CV_8UC3)), "2 x 3 x 3");
}

TEST(SamePixels, ComparesSizeTypeAndEveryPixel) {
  const Image image = test::picture(8, 9, 3);
  EXPECT_TRUE(same_pixels(image, image.clone()));
  Image changed = image.clone();
  changed.ptr(7)[26] ^= 1;
  EXPECT_FALSE(same_pixels(image, changed));
  EXPECT_FALSE(same_pixels(Image(4, 6, CV_8UC1, 0.0), Image(6, 4, CV_8UC1, 0.0)));
  EXPECT_FALSE(same_pixels(Image(4, 6, CV_8UC1, 0.0), Image(4, 6, CV_8UC3, 0.0)));
  // Rows that do not lie one after another.
  const Image part = image.colRange(2, 5);
  EXPECT_TRUE(same_pixels(part, part.clone()));
}

TEST(Png, KeepsEveryPixelOfGreyAndColour) {
  for (const int channels : {1, 3}) {
    const std::string file = test::fresh_folder() + "/image.png";
    const Image image = test::picture(13, 17, channels), before = image.clone();
    write_png(file, image);
    EXPECT_TRUE(same_pixels(image, before)) << "write_png changed its argument";
    EXPECT_TRUE(same_pixels(read_image(file), image)) << channels;
  }
}

TEST(Png, IsWrittenInTheOrderOfRedGreenBlue) {
  const std::string file = test::fresh_folder() + "/red.png";
  write_png(file, Image(2, 2, CV_8UC3, cv::Scalar(255, 1, 2)));
  const cv::Mat bgr = cv::imread(file);
  EXPECT_EQ(bgr.at<cv::Vec3b>(0, 0), cv::Vec3b(2, 1, 255));
}

TEST(Png, SaysWhyAnImageCannotBeWritten) {
  const std::string folder = test::fresh_folder();
  write_png(folder + "/file.png", test::picture(4, 4, 1));
  EXPECT_THAT([&] { write_png(folder + "/file.png/a.png", test::picture(4, 4, 1)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("cannot write"), HasSubstr("file.png/a.png"))));
  EXPECT_THAT([&] { write_png(folder + "/a.png", Image(4, 5, CV_8UC4)); },
              ThrowsMessage<Error>(
                  AllOf(HasSubstr("a.png"), HasSubstr("4 x 5 x 4"), HasSubstr("1 or 3 channels"))));
  EXPECT_THROW(write_png(folder + "/a.png", Image(4, 5, CV_32FC1)), Error);
  EXPECT_THROW(write_png(folder + "/a.png", Image()), Error);
  EXPECT_THAT([&] { write_png(folder + "/wide.png", Image(1, 1100000, CV_8UC1, 0.0)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("wide.png"), HasSubstr("1 x 1100000 x 1"))));
  EXPECT_FALSE(boost::filesystem::exists(folder + "/a.png"));
  EXPECT_FALSE(boost::filesystem::exists(folder + "/wide.png"));
}

TEST(ReadImage, ReadsEachFormatAsGreyOrColour) {
  for (const std::string extension : {".png", ".jpg", ".bmp", ".webp"}) {
    for (const int channels : {1, 3}) {
      const Image image = test::picture(24, 32, channels);
      const cv::Mat bgr = reversed(image);
      const std::string file = file_of(encoded(extension, bgr), "image" + extension);
      const Image read = read_image(file);
      // A WebP file always has colours.
      ASSERT_EQ(read.channels(), extension == ".webp" ? 3 : channels) << extension;
      ASSERT_EQ(size_of(read), size_of(image));
      EXPECT_LT(
          mean_difference(
              read, with_colors(image, extension == ".webp" ? ColorMode::rgb : ColorMode::as_file)),
          6)
          << extension;
      EXPECT_EQ(read_image(file, ColorMode::grey).type(), CV_8UC1) << extension;
      EXPECT_EQ(read_image(file, ColorMode::rgb).type(), CV_8UC3) << extension;
    }
  }
}

TEST(ReadImage, DropsAlphaAndScales16Bits) {
  const std::string alpha =
      file_of(encoded(".png", cv::Mat(2, 2, CV_8UC4, cv::Scalar(3, 2, 1, 0))), "alpha.png");
  EXPECT_TRUE(same_pixels(read_image(alpha), Image(2, 2, CV_8UC3, cv::Scalar(1, 2, 3))));
  const std::string deep =
      file_of(encoded(".png", cv::Mat(2, 2, CV_16UC1, cv::Scalar(200 * 257))), "deep.png");
  EXPECT_TRUE(same_pixels(read_image(deep), Image(2, 2, CV_8UC1, cv::Scalar(200))));
}

TEST(ReadImage, GreyWithAlphaStaysGrey) {
  // 2 x 1 pixels: grey values 10 and 200 of opacity 255 and 128.
  const unsigned char bytes[] = {
      0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
      0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x04, 0x00, 0x00,
      0x00, 0x5e, 0x2b, 0xb7, 0x01, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78,
      0x9c, 0x63, 0xe0, 0xfa, 0x7f, 0xa2, 0x01, 0x00, 0x05, 0x3a, 0x02, 0x52, 0xf1, 0xb0,
      0xca, 0x32, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
  const std::string file = file_of(std::string(bytes, bytes + sizeof bytes), "grey.png");
  const Image expected = (cv::Mat_<unsigned char>(1, 2) << 10, 200);
  EXPECT_TRUE(same_pixels(read_image(file), expected));
  EXPECT_TRUE(same_pixels(read_image(file, ColorMode::rgb), with_colors(expected, ColorMode::rgb)));
}

TEST(ReadImage, MissingFileOrFolderIsASeedError) {
  const std::string folder = test::fresh_folder();
  EXPECT_THAT(
      [&] { read_image(folder + "/missing.png"); },
      ThrowsMessage<SeedError>(AllOf(HasSubstr("/missing.png"), HasSubstr("No such file"))));
  EXPECT_THAT([&] { read_image(folder); }, ThrowsMessage<SeedError>(HasSubstr("is a folder")));
}

TEST(WithColors, ConvertsOnlyWhereNeeded) {
  const Image grey = test::picture(4, 4, 1), rgb(4, 4, CV_8UC3, cv::Scalar(255, 0, 0));
  EXPECT_EQ(with_colors(grey, ColorMode::as_file).data, grey.data);
  EXPECT_EQ(with_colors(grey, ColorMode::grey).data, grey.data);
  EXPECT_EQ(with_colors(rgb, ColorMode::rgb).data, rgb.data);
  EXPECT_TRUE(same_pixels(with_colors(rgb, ColorMode::grey), Image(4, 4, CV_8UC1, 76.0)));
  EXPECT_EQ(with_colors(grey, ColorMode::rgb).at<cv::Vec3b>(1, 2)[2], grey.at<unsigned char>(1, 2));
}

}  // namespace
}  // namespace dflare
