#pragma once

#include <string>

namespace dflare {

/// Replaces ${NAME} by the environment variable NAME, and ${NAME:-text} by `text` where NAME is
/// unset or empty. Throws ConfigError if a variable without default is unset, or a brace is not
/// closed.
std::string expand_environment(const std::string& text);

}  // namespace dflare
