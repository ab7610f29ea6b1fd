#pragma once

#include <string>

namespace dflare::repair {

/// What --print-config prints: a configuration with every key, its default and its meaning.
std::string config_template();

}  // namespace dflare::repair
