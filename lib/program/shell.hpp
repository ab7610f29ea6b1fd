#pragma once

#include <string>

namespace dflare {

/// As a shell reads it back: quoted where it holds anything but harmless characters. What could not
/// be shown (bytes that are no UTF-8, ends of lines) is written as bash, zsh and ksh read it.
std::string shell_quoted(const std::string& text);

}  // namespace dflare
