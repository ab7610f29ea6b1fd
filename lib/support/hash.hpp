#pragma once

#include <string>

namespace dflare {

/// SHA-256 in lower-case hexadecimal, as sha256sum prints it.
std::string sha256_of_file(const std::string& path);  ///< throws Error if it cannot be read
std::string sha256_of(const std::string& bytes);

}  // namespace dflare
