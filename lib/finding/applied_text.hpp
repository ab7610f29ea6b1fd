#pragma once

#include <fmt/format.h>

#include <string>

#include "dflare/strategy.hpp"

namespace dflare {

/// "rotate 3.14 degrees"; of one that was applied more than once "gradient_step x3".
inline std::string applied_text(const AppliedOperator& first, int times) {
  if (times > 1) return fmt::format("{} x{}", first.name, times);
  if (first.unit.empty()) return first.name;
  return fmt::format("{} {:.3g} {}", first.name, first.strength, first.unit);
}

}  // namespace dflare
