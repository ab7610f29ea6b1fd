#pragma once

#include "dflare/transformation.hpp"

namespace dflare {

/// Throws ConfigError naming the parameter that is not finite, or far beyond what any search makes:
/// images cannot be read at such places.
void check(const Transformation& transformation);

}  // namespace dflare
