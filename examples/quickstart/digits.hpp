#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dflare/image.hpp"

/// Grey images of 28 x 28 pixels with their digits.
struct Digits {
  std::vector<dflare::Image> images;
  std::vector<int> labels;
};

/// Digits of equal shares, drawn in OpenCV's Hershey fonts, each in a random font, pose, thickness
/// and ink, on a noisy background. Other seeds give other images.
Digits render_digits(std::size_t count, std::uint64_t rng_seed);
