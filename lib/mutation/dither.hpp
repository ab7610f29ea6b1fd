#pragma once

#include <cstdint>

#include "dflare/image.hpp"

namespace dflare {

/// Makes an 8-bit image of floats (CV_32F, grey levels): a value v becomes floor(v + u), clamped.
/// u is uniform in [0, 1), drawn from the key and the value's place, so that an image that moves
/// by less than a grey level still changes, one value after another; 1/2 everywhere for key 0.
void dither(const cv::Mat& floats, std::uint32_t key, Image& image);

}  // namespace dflare
