#pragma once

#include <string>

namespace dflare {

/// Of dflare: "0.1.0".
std::string version();

}  // namespace dflare
