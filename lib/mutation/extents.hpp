#pragma once

#include <array>

#include "dflare/random.hpp"
#include "dflare/transformation.hpp"

namespace dflare {

/// A transformation as numbers that can be scaled and mixed: rotation, right, down, log scale,
/// shear, log contrast, brightness; each as a share of its range, -1 to 1.
using Shares = std::array<double, 7>;

/// How far each number may go, for images of one size.
class Extents {
 public:
  /// The ranges given, those not given being 0; where none is given, wide ones that keep most
  /// things recognisable: 40 degrees, 18 % of the side, e^0.45 in scale, shear 0.45, contrast
  /// e^0.7, 70 grey levels.
  Extents(const TransformationRanges& ranges, ImageSize size);

  /// Each share times `by`.
  Transformation transformation(const Shares& shares, double by = 1) const;
  /// The shares that make the transformation; 0 where the range is 0.
  Shares shares(const Transformation& transformation) const;
  /// The norm of the shares that make the transformation.
  double strength(const Transformation& transformation) const;
  /// True where the range is above 0.
  bool has(std::size_t i) const { return extents_[i] > 0; }

  /// Each kind (translation is one) is in with probability 1/2, at least one is; magnitudes are
  /// uniform from `lowest` to 1.
  Shares draw(Random& random, double lowest) const;
  /// All kinds are in, each of a magnitude uniform from `lowest` to 1, either way.
  Shares draw_all(Random& random, double lowest) const;

 private:
  Shares extents_;
};

}  // namespace dflare
