#include "dflare/transformation.hpp"
#include "support/bounds.hpp"

namespace dflare {

bool TransformationRanges::any() const {
  return rotate || translate || translate_share || scale || shear || contrast || brightness;
}

void TransformationRanges::check() const {
  check_bounds("rotate", rotate, 0.0, 180.0, "degrees, 0 to 180");
  check_bounds("translate", translate, 0.0, largest_finite, "pixels, 0 or more");
  check_bounds("translate_share", translate_share, 0.0, 1.0, "a share of the side, 0 to 1");
  check_bounds("scale", scale, 1.0, 10.0, "a factor, 1 to 10");
  check_bounds("shear", shear, 0.0, 2.0, "a ratio, 0 to 2");
  check_bounds("contrast", contrast, 1.0, 10.0, "a factor, 1 to 10");
  check_bounds("brightness", brightness, 0.0, 255.0, "grey levels, 0 to 255");
}

}  // namespace dflare
