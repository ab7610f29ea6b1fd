#pragma once

#include "dflare/image.hpp"

namespace dflare {

/// How far a mutant is from its seed image, both 8-bit and of one shape.
struct Distances {
  double l2 = 0;     ///< Euclidean, in grey levels, over all values
  double l_inf = 0;  ///< largest difference of a value, 0..255
  double ssim = 1;   ///< mean structural similarity (OpenCV's quality module), mean over the
                     ///< channels; 1 where equal
};
Distances distances(const Image& seed, const Image& mutant);

}  // namespace dflare
