#pragma once

#include <string>

namespace dflare {

/// What --version prints: the program with dflare's version, and what this build runs models by, a
/// line each; the last one without its end.
std::string version_text(const std::string& program);

}  // namespace dflare
