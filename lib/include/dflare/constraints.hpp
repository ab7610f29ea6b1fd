#pragma once

#include <optional>

#include "dflare/image.hpp"

namespace dflare {

/// How far a mutant may be from its seed image, judged on 8-bit images. Not given: no limit.
struct Constraints {
  std::optional<double> l_inf;        ///< largest difference of a value, grey levels, 0 to 255
  std::optional<double> l2;           ///< Euclidean, grey levels, over all values
  std::optional<int> changed_pixels;  ///< pixels in which any channel differs
  std::optional<double> ssim;         ///< mean structural similarity, at least; -1 to 1

  bool any() const;
  /// Throws ConfigError naming the constraint that makes no sense.
  void check() const;

  bool allow(const Image& seed, const Image& mutant) const;
  /// Moves the mutant towards the seed image until it is allowed: values are clamped (l_inf), the
  /// largest changes kept (changed_pixels), the difference shrunk (l2, ssim).
  void project(const Image& seed, Image& mutant) const;
};

/// Pixels in which any channel differs.
int changed_pixels(const Image& seed, const Image& mutant);

}  // namespace dflare
