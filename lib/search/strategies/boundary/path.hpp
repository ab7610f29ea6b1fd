#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dflare/strategy.hpp"

namespace dflare {

/// Leads from the seed input (t = 0) to elsewhere.
class Path {
 public:
  virtual ~Path() = default;
  virtual Image at(double t) const = 0;
  /// Another dither: other images that are nearly the same.
  virtual void dither(std::uint32_t key) = 0;
  virtual std::vector<AppliedOperator> history(double t) const = 0;
  virtual std::optional<Transformation> transformation(double /*t*/) const { return std::nullopt; }
};

/// The largest t up to `wanted` at which the constraints allow the path's image; found by
/// bisection, as if what is allowed were an interval from 0.
double allowed_length(const Path& path, double wanted, const Image& seed,
                      const Constraints& constraints);

}  // namespace dflare
