#pragma once

#include <string>

namespace dflare {

/// Where dflare-host is, for a program that runs from that path. Throws ModelError that says where
/// it was looked for.
std::string host_program(const std::string& running);

}  // namespace dflare
