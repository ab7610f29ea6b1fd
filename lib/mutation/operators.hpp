#pragma once

#include <vector>

#include "dflare/mutation.hpp"

namespace dflare {

/// gaussian_noise, salt_and_pepper, multiplicative_noise, random_pixels.
std::vector<MutationOperator> noise_operators();
/// average_blur, gaussian_blur, median_blur.
std::vector<MutationOperator> blur_operators();
/// brightness, contrast, jpeg.
std::vector<MutationOperator> photometric_operators();
/// translation, rotation, scale, shear.
std::vector<MutationOperator> geometric_operators();

}  // namespace dflare
