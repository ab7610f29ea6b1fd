#pragma once

#include <string>

#include "dflare/options.hpp"

namespace dflare::config {

/// Sets the options that a preset covers, and leaves the others. Throws ConfigError for an unknown
/// name.
void apply_preset(const std::string& name, Options& options);

}  // namespace dflare::config
