#pragma once

#include "dflare/image.hpp"

namespace dflare {

/// What differs between a mutant and its seed image, made visible: 128 where nothing does, else
/// 128 + gain * (mutant - seed), the largest difference being stretched to 127.
struct DifferencePicture {
  Image image;
  double gain = 1;  ///< 1 where the images are equal
};
DifferencePicture difference_picture(const Image& seed, const Image& mutant);

}  // namespace dflare
