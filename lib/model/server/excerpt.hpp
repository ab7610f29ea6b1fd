#pragma once

#include <string>

namespace dflare {

/// The first 300 bytes as a quoted text of one line, for a message; empty where there is nothing.
std::string excerpt(const std::string& text);

}  // namespace dflare
