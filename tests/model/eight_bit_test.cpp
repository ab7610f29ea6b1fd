// Inputs of 8-bit numbers: which number a pixel becomes.

#include "model/eight_bit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

EightBitInput uint8_of(float scale, float zero_point) {
  return {false, Quantisation{scale, zero_point}};
}

EightBitInput int8_of(float scale, float zero_point) {
  return {true, Quantisation{scale, zero_point}};
}

InputSpec range(float low, float high) {
  InputSpec spec;
  spec.low = low;
  spec.high = high;
  return spec;
}

InputSpec normalised(std::vector<float> mean, std::vector<float> stddev) {
  InputSpec spec;
  spec.mean = std::move(mean);
  spec.stddev = std::move(stddev);
  return spec;
}

/// The number that the pixel becomes in a channel.
int number(const InputSpec& spec, const EightBitInput& input, int pixel, int channels = 1,
           int channel = 0) {
  const cv::Mat table = bytes_for_pixels(spec, input, channels);
  const unsigned char byte = table.data[pixel * channels + channel];
  return input.has_sign ? static_cast<signed char>(byte) : byte;
}

void expect_pixels(const InputSpec& spec, const EightBitInput& input) {
  EXPECT_NO_THROW(require_fitting(spec, input));
  for (int pixel = 0; pixel < 256; ++pixel)
    ASSERT_EQ(number(spec, input, pixel), input.has_sign ? pixel - 128 : pixel);
}

std::string refusal(const InputSpec& spec, const EightBitInput& input) {
  return message_of<ModelError>([&] { require_fitting(spec, input); });
}

TEST(EightBit, PixelsWhereNothingIsSaidOfWhatTheNumbersStandFor) {
  for (const bool has_sign : {false, true}) {
    expect_pixels({}, {has_sign, {}});
    expect_pixels(range(0, 255), {has_sign, {}});
  }
}

TEST(EightBit, NormalisationOfUnknownNumbersIsRefused) {
  for (const InputSpec& spec : {normalised({0.5F}, {}), normalised({}, {0.5F}), range(-1, 1)}) {
    EXPECT_THAT(refusal(spec, {false, {}}),
                AllOf(HasSubstr("does not say which values they stand for (scale and zero point)"),
                      HasSubstr("leave mean, std and range out")));
  }
}

// As the 8-bit files of TensorFlow's hosted models, Coral and MLPerf Tiny state them.
TEST(EightBit, PixelsWhereTheNumbersStandForAWholeUsualRange) {
  expect_pixels({}, uint8_of(0.0078125F, 128));
  expect_pixels({}, uint8_of(0.0078431377F, 127));
  expect_pixels({}, int8_of(0.0078431377F, -1));
  expect_pixels({}, int8_of(1, -128));
  expect_pixels({}, uint8_of(1, 0));
  expect_pixels({}, int8_of(1, 0));
  expect_pixels({}, uint8_of(1 / 255.0F, 0));
  expect_pixels({}, int8_of(1 / 255.0F, -128));
}

TEST(EightBit, PixelsWhereTheGraphPreparesThemItself) {
  expect_pixels({}, uint8_of(0.02F, 123.7F));
  expect_pixels({}, uint8_of(1 / 60.0F, -30));
}

TEST(EightBit, TheSameSpecificationAsTheFloatFiles) {
  expect_pixels(range(0, 255), int8_of(1, -128));
  expect_pixels(range(0, 255), uint8_of(1, 0));
  // 0..1 into numbers of -1 to 1: the upper half of them.
  const InputSpec zero_to_one = normalised({0}, {});
  EXPECT_NO_THROW(require_fitting(zero_to_one, int8_of(1 / 127.5F, -1)));
  EXPECT_EQ(number(zero_to_one, int8_of(1 / 127.5F, -1), 0), -1);
  EXPECT_EQ(number(zero_to_one, int8_of(1 / 127.5F, -1), 254), 126);
}

TEST(EightBit, NormalisesThenRoundsToEvenAndCutsOff) {
  const EightBitInput input = uint8_of(0.5F, 10);
  const InputSpec spec = range(0, 255);  // values are the pixels
  EXPECT_EQ(number(spec, input, 0), 10);
  EXPECT_EQ(number(spec, input, 1), 12);
  EXPECT_EQ(number(spec, input, 200), 255);
  const EightBitInput coarse = uint8_of(2, 3);
  EXPECT_EQ(number(spec, coarse, 1), 3);  // 0.5
  EXPECT_EQ(number(spec, coarse, 3), 5);  // 1.5
  EXPECT_EQ(number(spec, coarse, 5), 5);  // 2.5
  EXPECT_EQ(number(range(-300, 255), coarse, 0), 0);
}

TEST(EightBit, EachChannelByItsOwnMeanAndDeviation) {
  const EightBitInput input = int8_of(0.0186584F, -14);
  const InputSpec spec = normalised({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  EXPECT_NO_THROW(require_fitting(spec, input));
  for (int channel = 0; channel < 3; ++channel) {
    for (const int pixel : {0, 17, 130, 255}) {
      const auto c = static_cast<std::size_t>(channel);
      const double value = (pixel / 255.0 - spec.mean[c]) / spec.stddev[c];
      const double wanted = std::min(127.0, std::max(-128.0, std::round(value / 0.0186584) - 14));
      EXPECT_EQ(number(spec, input, pixel, 3, channel), wanted) << channel << ' ' << pixel;
    }
  }
}

// The calibration saw nothing brighter than 0.3: the rest is cut off, as the float file never does.
TEST(EightBit, ADarkCalibrationSetIsFedByNormalisation) {
  const EightBitInput input = int8_of(0.3F / 255, -128);
  EXPECT_NO_THROW(require_fitting({}, input));
  EXPECT_EQ(number({}, input, 0), -128);
  EXPECT_EQ(number({}, input, 30), -28);
  EXPECT_EQ(number({}, input, 76), 125);
  EXPECT_EQ(number({}, input, 77), 127);
  EXPECT_EQ(number({}, input, 255), 127);
}

TEST(EightBit, ValuesThatAreCutOffAreRefused) {
  const EightBitInput zero_to_one = int8_of(1 / 255.0F, -128);
  EXPECT_THAT(refusal(range(0, 255), zero_to_one),
              AllOf(HasSubstr("stands for values of 0 to 1 (scale 0.00392157, zero point -128)"),
                    HasSubstr("images values of 0 to 255"), HasSubstr("would be cut off"),
                    HasSubstr("of its input specification"), HasSubstr("correct them")));
  EXPECT_THAT(refusal(normalised({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}), zero_to_one),
              HasSubstr("would be cut off"));
  EXPECT_THAT(refusal(normalised({123}, {58}), zero_to_one), HasSubstr("100 % would be cut off"));
}

TEST(EightBit, ValuesThatBecomeAFewNumbersAreRefused) {
  EXPECT_THAT(refusal(normalised({0}, {}), int8_of(1, -128)),
              AllOf(HasSubstr("stands for values of 0 to 255"), HasSubstr("0 % would be cut off"),
                    HasSubstr("2 different numbers")));
}

TEST(EightBit, WhatImagesOf0To1CannotBeIsAskedFor) {
  EXPECT_THAT(refusal({}, int8_of(0.0186584F, -14)),
              AllOf(HasSubstr("-2.127 to 2.631"), HasSubstr("which its input specification leaves"),
                    HasSubstr("say what the network was trained with")));
}

TEST(EightBit, SymmetricNumbersMayBeEither) {
  const EightBitInput input = int8_of(1 / 127.0F, 0);
  EXPECT_THAT(refusal({}, input),
              AllOf(HasSubstr("0 to 1 and of -1 to 1"), HasSubstr("range: [-1, 1]"),
                    HasSubstr("mean: 0 for 0 to 1")));
  EXPECT_NO_THROW(require_fitting(normalised({0}, {}), input));
  EXPECT_EQ(number(normalised({0}, {}), input, 255), 127);
  EXPECT_NO_THROW(require_fitting(range(-1, 1), input));
  EXPECT_EQ(number(range(-1, 1), input, 0), -127);
}

}  // namespace
}  // namespace dflare
