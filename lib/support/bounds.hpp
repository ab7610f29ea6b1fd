#pragma once

#include <fmt/format.h>

#include <limits>
#include <optional>

#include "dflare/error.hpp"

namespace dflare {

/// For bounds that are only "0 or more".
constexpr double largest_finite = std::numeric_limits<double>::max();

/// Throws ConfigError unless the option is not given or within its bounds, both included.
template <class T>
void check_bounds(const char* option, const std::optional<T>& value, T low, T high,
                  const char* expected) {
  if (value && !(*value >= low && *value <= high)) {
    throw ConfigError(
        fmt::format("option {}: {} makes no sense; expected {}", option, *value, expected));
  }
}

}  // namespace dflare
