#pragma once

/// @file
/// Distances of a mutant to its seed image: L2, L-infinity, SSIM.

#include "dflare/image.hpp"

namespace dflare {

/// How far a mutant is from its seed image.
struct Distances {
  double l2 = 0;     ///< Euclidean, in grey levels, over all values
  double l_inf = 0;  ///< largest difference of a value, 0..255
  /// Mean structural similarity (OpenCV's quality module: Gaussian window of 11 x 11), mean over
  /// the channels; 1 where equal. Beyond an edge, and so all over an image smaller than the window,
  /// the window sees the image mirrored.
  double ssim = 1;
};
/// Throws ConfigError unless both are 8-bit images of one shape.
Distances distances(const Image& seed, const Image& mutant);

}  // namespace dflare
