#pragma once

#include <string>

namespace dflare::report {

/// RFC 4648, with padding, on one line.
std::string base64(const std::string& bytes);

}  // namespace dflare::report
