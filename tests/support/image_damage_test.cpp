#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "dflare/error.hpp"
#include "dflare/image.hpp"
#include "support/image_files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::encoded;
using test::file_of;
using test::png_chunk;
using test::segment;
using test::with_chunk;
using test::with_segment;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::string error_of(const std::string& file) {
  return test::message_of<SeedError>([&] { read_image(file); });
}

/// What reading it writes to stderr, where no name of a file stands beside it.
std::string said_beside(const std::string& file) {
  testing::internal::CaptureStderr();
  try {
    read_image(file);
  } catch (const SeedError&) {
  }
  return testing::internal::GetCapturedStderr();
}

std::string jpeg_of(int height, int width, const std::vector<int>& parameters = {}) {
  return encoded(".jpg", test::picture(height, width, 3), parameters);
}

TEST(ReadImage, NoFormatIsTurnedByItsOrientation) {
  cv::Mat left_white(8, 16, CV_8UC3, cv::Scalar::all(0));
  left_white.colRange(0, 8).setTo(cv::Scalar::all(255));
  const std::string tiff("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", 26);
  const std::pair<std::string, std::string> files[] = {
      {"jpeg", with_segment(encoded(".jpg", left_white),
                            segment('\xE1', std::string("Exif\0\0", 6) + tiff))},
      {"png", with_chunk(encoded(".png", left_white), png_chunk("eXIf", tiff))},
      {"webp", test::with_exif(encoded(".webp", left_white), left_white.size(), tiff)}};
  for (const auto& [format, bytes] : files) {
    const std::string file = file_of(bytes, "turned." + format);
    for (const ColorMode mode : {ColorMode::as_file, ColorMode::rgb, ColorMode::grey}) {
      const Image image = read_image(file, mode);
      ASSERT_EQ(size_of(image), (ImageSize{8, 16})) << format;
      EXPECT_GT(image.ptr(4)[0], 200) << format;
      EXPECT_LT(image.ptr(4)[15 * image.channels()], 50) << format;
    }
  }
}

TEST(ReadImage, OtherContentsAreNamed) {
  const std::string text = "hello, I am a text";
  const std::pair<std::string, std::string> files[] = {
      {"", "(it is empty: copy it again)"},
      {"P", "no PNG, JPEG, BMP or WebP image; convert it"},
      {text, "(18 bytes) is no PNG, JPEG, BMP or WebP image; convert it"},
      {"P5\n1 1\n255\nx", "(it is a PBM, PGM or PPM image)"},
      {"GIF89a and more", "(it is a GIF image)"},
      {std::string("II*\0\x08\0\0\0", 8), "(it is a TIFF image)"},
      {std::string("\0\0\0\x1C", 4) + "ftypavif", "(it is an AVIF image)"},
      {std::string("\0\0\0\x1C", 4) + "ftypheic", "(it is a HEIC image)"},
      {"\n <!DOCTYPE HTML><html>404", "(it is an HTML page: download it again)"},
      {"version https://git-lfs.github.com/spec/v1\n",
       "(it is a pointer of Git LFS: fetch the file"},
      {std::string(4096, '\0'), "(it holds zeros alone: copy it again)"},
  };
  for (const auto& [content, what] : files) {
    EXPECT_THAT(error_of(file_of(content, "fake.png")),
                AllOf(HasSubstr("fake.png"), HasSubstr(what)));
  }
}

// Found by tests/fuzz: sizes whose product no number holds.
TEST(ReadImage, ABitmapOfSenselessSizeIsAnError) {
  const std::string whole = encoded(".bmp", test::picture(4, 4, 3));
  for (const std::int64_t side : {-2147483647, 0, 2147483647}) {
    std::string bytes = whole;
    const std::string number = test::little_endian(static_cast<std::uint32_t>(side));
    bytes.replace(18, 4, number).replace(22, 4, number).replace(28, 2, "\xFF\xFF");
    const std::string file = file_of(bytes, "senseless.bmp");
    EXPECT_THAT([&] { read_image(file); }, ThrowsMessage<SeedError>(HasSubstr("senseless.bmp")))
        << side;
    EXPECT_EQ(said_beside(file), "") << side;
  }
}

TEST(ReadImage, EveryCutOffFileIsAnError) {
  for (const std::string extension : {".png", ".jpg", ".bmp", ".webp"}) {
    const std::string whole = encoded(extension, test::picture(24, 32, 3));
    for (const std::size_t cut : {1, 2, 10, 100}) {
      const std::string file = file_of(whole.substr(0, whole.size() - cut), "cut" + extension);
      EXPECT_THAT([&] { read_image(file); }, ThrowsMessage<SeedError>(HasSubstr("cut" + extension)))
          << extension << " without its last " << cut << " bytes";
      EXPECT_EQ(said_beside(file), "") << extension << " without its last " << cut << " bytes";
    }
    const std::string beginning = file_of(whole.substr(0, 14), "cut" + extension);
    EXPECT_THROW(read_image(beginning), SeedError) << extension;
    EXPECT_EQ(said_beside(beginning), "") << extension;
  }
}

TEST(ReadImage, AThumbnailsEndIsNotTheImagesEnd) {
  const std::string whole =
      with_segment(encoded(".jpg", test::picture(24, 32, 3)), segment('\xE1', "thumbnail\xFF\xD9"));
  EXPECT_NO_THROW(read_image(file_of(whole + "more behind the end", "whole.jpg")));
  EXPECT_THAT([&] { read_image(file_of(whole.substr(0, whole.size() - 50), "cut.jpg")); },
              ThrowsMessage<SeedError>(HasSubstr("Premature end of JPEG file")));
}

TEST(ReadImage, ProgressiveJpegWithRestartsIsWhole) {
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", test::picture(64, 64, 3), bytes,
               {cv::IMWRITE_JPEG_PROGRESSIVE, 1, cv::IMWRITE_JPEG_RST_INTERVAL, 2});
  EXPECT_NO_THROW(read_image(file_of({bytes.begin(), bytes.end()}, "image.jpg")));
}

TEST(ReadImage, AHalfJpegWithAnEndIsAnError) {
  for (const std::vector<int>& parameters :
       {std::vector<int>{}, std::vector<int>{cv::IMWRITE_JPEG_PROGRESSIVE, 1}}) {
    const std::string whole = jpeg_of(64, 64, parameters);
    const std::string half = file_of(whole.substr(0, whole.size() / 2) + "\xFF\xD9", "half.jpg");
    EXPECT_THAT(error_of(half), AllOf(HasSubstr("half.jpg' is a damaged or cut-off JPEG image"),
                                      HasSubstr("bytes ("), HasSubstr("copy it again")));
    EXPECT_EQ(said_beside(half), "");
  }
}

TEST(ReadImage, AProgressiveJpegWithoutItsLastScansIsAnError) {
  const std::string whole = jpeg_of(64, 64, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const std::size_t last_scan = whole.rfind("\xFF\xDA");
  const std::string file = file_of(whole.substr(0, last_scan) + "\xFF\xD9", "early.jpg");
  EXPECT_THAT(error_of(file), HasSubstr("the last scans of a progressive image are missing"));
}

TEST(ReadImage, DamagedDataOfAJpegAreAnError) {
  std::string bytes = jpeg_of(64, 64);
  const std::size_t data = bytes.find("\xFF\xDA") + 40;
  for (std::size_t i = data; i < data + 20; ++i) bytes[i] = '\x7F';
  const std::string file = file_of(bytes, "damaged.jpg");
  EXPECT_THAT(error_of(file), HasSubstr("damaged.jpg' is a damaged or cut-off JPEG image"));
  EXPECT_EQ(said_beside(file), "");
}

TEST(ReadImage, DamagedPixelsAreAnError) {
  std::string bytes = encoded(".png", test::picture(24, 32, 3));
  for (std::size_t i = 60; i < 90; ++i) bytes[i] = static_cast<char>(~bytes[i]);
  EXPECT_THAT(
      [&] { read_image(file_of(bytes, "damaged.png")); },
      ThrowsMessage<SeedError>(AllOf(
          HasSubstr("damaged.png"), HasSubstr("the checksum of what begins at byte 33 is wrong"))));
  EXPECT_EQ(said_beside(file_of(bytes, "damaged.png")), "");
}

TEST(ReadImage, APngWithoutPixelsIsAnError) {
  const std::string png = encoded(".png", test::picture(4, 4, 1));
  const std::string file = file_of(png.substr(0, 33) + png_chunk("IEND", ""), "empty.png");
  EXPECT_THAT(error_of(file), HasSubstr("(it holds no pixels)"));
  EXPECT_EQ(said_beside(file), "");
}

TEST(ReadImage, WhatStandsBesideThePixelsOfAPngSaysNothing) {
  const Image image = test::picture(6, 5, 1);
  const std::string plain = encoded(".png", image);
  // libpng warns of both.
  const std::string file =
      file_of(with_chunk(plain, png_chunk("iCCP", "no profile") + png_chunk("gAMA", "?")), "x.png");
  EXPECT_EQ(said_beside(file), "");
  EXPECT_TRUE(same_pixels(read_image(file), image));
}

TEST(ReadImage, ImagesLargerThanOpenCVReadsAreNamedWithTheirSize) {
  const auto too_large = [](int height, int width) {
    return AllOf(HasSubstr("large"),
                 HasSubstr(std::to_string(height) + " x " + std::to_string(width) + " pixels"),
                 HasSubstr("more than OpenCV reads (2^30 in all, 2^20 a side)"));
  };
  const auto png_header = [](std::uint32_t height, std::uint32_t width) {
    return png_chunk("IHDR", test::big_endian(width) + test::big_endian(height) +
                                 std::string("\x08\0\0\0\0", 5));
  };
  const std::string png = encoded(".png", test::picture(4, 4, 1));
  for (const auto& [height, width] : {std::pair{40000, 40001}, std::pair{2, 1 << 21}}) {
    const std::string bytes = png.substr(0, 8) + png_header(height, width) + png.substr(33);
    EXPECT_THAT(error_of(file_of(bytes, "large.png")), too_large(height, width));
  }
  std::string jpeg = jpeg_of(16, 16);
  const std::size_t frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, "\x9C\x40\x9C\x41");
  EXPECT_THAT(error_of(file_of(jpeg, "large.jpg")), too_large(40000, 40001));
  std::string bmp = encoded(".bmp", test::picture(4, 4, 3));
  bmp.replace(18, 8, test::little_endian(40001) + test::little_endian(-40000));
  EXPECT_THAT(error_of(file_of(bmp, "large.bmp")), too_large(40000, 40001));
}

}  // namespace
}  // namespace dflare
