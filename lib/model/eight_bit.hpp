#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "dflare/model.hpp"

namespace dflare {

/// What the numbers of an 8-bit tensor stand for: (number - zero_point) * scale.
struct Quantisation {
  float scale = 1, zero_point = 0;
};

/// An input tensor of 8-bit numbers.
struct EightBitInput {
  bool has_sign = false;                     ///< int8, else uint8
  std::optional<Quantisation> quantisation;  ///< where it is said
};

/// Throws ModelError where images, prepared as the specification says, are not what the tensor's
/// numbers stand for, or where it cannot be known what they are.
void require_fitting(const InputSpec& spec, const EightBitInput& input);

/// The byte of the tensor for each pixel value: a row of 256, CV_8U with the channels of the image.
/// Pixels as they are (int8: less 128) where the tensor does not say what its numbers stand for,
/// and, where the specification says nothing (0 to 1, as by default), for numbers that stand for
/// the whole of -1 to 1, 0 to 255 or -128 to 127 or whose zero point is none of them; else the
/// prepared values, rounded to even and cut off.
cv::Mat bytes_for_pixels(const InputSpec& spec, const EightBitInput& input, int channels);

}  // namespace dflare
