#include "mutation/transformation_limits.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare {

void check(const Transformation& t) {
  struct Parameter {
    const char* name;
    double value, least, most;
  };
  const Parameter parameters[] = {
      {"rotate", t.rotate, -3600, 3600},
      {"right", t.right, -1e6, 1e6},
      {"down", t.down, -1e6, 1e6},
      {"scale", t.scale, 1e-3, 1e3},
      {"shear", t.shear, -100, 100},
      {"contrast", t.contrast, 1e-3, 1e3},
      {"brightness", t.brightness, -1e4, 1e4},
  };
  for (const Parameter& p : parameters) {
    if (p.value >= p.least && p.value <= p.most) continue;  // false for what is no number
    throw ConfigError(fmt::format("transformation: {} is {}, expected a number from {} to {}",
                                  p.name, p.value, p.least, p.most));
  }
}

}  // namespace dflare
