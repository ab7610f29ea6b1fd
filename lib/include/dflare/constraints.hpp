#pragma once

/// @file
/// How far a mutant may be from its seed image.

#include <optional>

#include "dflare/image.hpp"

namespace dflare {

/// How far a mutant may be from its seed image, judged on 8-bit images. Not given: no limit.
struct Constraints {
  std::optional<double> l_inf;        ///< largest difference of a value, grey levels, 0 to 255
  std::optional<double> l2;           ///< Euclidean, grey levels, over all values
  std::optional<int> changed_pixels;  ///< pixels in which any channel differs
  std::optional<double> ssim;         ///< mean structural similarity, at least; -1 to 1

  bool any() const;  ///< whether there is a limit at all
  /// Throws ConfigError naming the constraint that makes no sense.
  void check() const;

  /// Always true without a limit, and for a mutant equal to the seed image. Else throws ConfigError
  /// unless both are 8-bit images of one shape.
  bool allow(const Image& seed, const Image& mutant) const;
  /// Moves the mutant towards the seed image until it is allowed: values are clamped (l_inf), the
  /// largest changes kept (changed_pixels), the difference shrunk (l2, ssim); where that is not
  /// enough, it becomes the seed image.
  void project(const Image& seed, Image& mutant) const;
};

/// Pixels in which any channel differs. Throws ConfigError unless both are 8-bit images of one
/// shape.
int changed_pixels(const Image& seed, const Image& mutant);

}  // namespace dflare
