#pragma once

#include <string>

namespace dflare {

/// As a POSIX shell reads it back: quoted where it holds anything but harmless characters.
std::string shell_quoted(const std::string& text);

}  // namespace dflare
