#pragma once

#include <string>

namespace dflare {

/// Where the program dflare-host is. Throws ModelError that says where it was looked for.
std::string host_program();

}  // namespace dflare
