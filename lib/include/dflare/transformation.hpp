#pragma once

/// @file
/// Changes of an image that a camera could make.

#include <cstdint>
#include <optional>
#include <string>

#include "dflare/image.hpp"

namespace dflare {

/// A change of an image that a camera could make: one affine map about the image's centre (shear,
/// rotation and scale, then translation), bilinear, edges replicated; then contrast about the mean
/// of a colour image or about 0 of a grey one; then brightness, on a grey image in proportion to
/// the pixel, so that a black background stays black.
struct Transformation {
  double rotate = 0;         ///< degrees, positive: counter-clockwise
  double right = 0;          ///< pixels
  double down = 0;           ///< pixels
  double scale = 1;          ///< factor, above 0
  double shear = 0;          ///< ratio, positive: the lower half moves to the right
  double contrast = 1;       ///< factor, above 0
  double brightness = 0;     ///< grey levels
  std::uint32_t dither = 0;  ///< key of the dither; 0: values are rounded

  /// The image transformed; the same pixels for the same image and parameters. With a dither key, a
  /// value v becomes floor(v + u), u uniform in [0, 1) and fixed for each value.
  Image apply(const Image& image) const;

  /// "rotated 12.3 degrees, moved 1.2 px right, contrast +18 %"; "not changed" for the identity.
  std::string text() const;
};
/// Equal in every parameter, the dither key among them.
bool operator==(const Transformation& a, const Transformation& b);

/// How far a transformation may go, either way. 0 (or 1, for factors): not at all.
struct TransformationRanges {
  std::optional<double> rotate;           ///< degrees
  std::optional<double> translate;        ///< pixels, in each direction
  std::optional<double> translate_share;  ///< of the side, in each direction
  std::optional<double> scale;            ///< factor of at least 1: 1.1 is 1 / 1.1 to 1.1
  std::optional<double> shear;            ///< ratio
  std::optional<double> contrast;         ///< factor of at least 1
  std::optional<double> brightness;       ///< grey levels

  bool any() const;  ///< whether a range is given at all
  /// Throws ConfigError naming the option that makes no sense.
  void check() const;
};

}  // namespace dflare
