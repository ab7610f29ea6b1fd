#include "search/strategies/boundary/transform_path.hpp"

namespace dflare {

Transformation TransformPath::at_strength(double t) const {
  Transformation transformation = extents_.transformation(shares_, t);
  transformation.dither = key_;
  return transformation;
}

}  // namespace dflare
