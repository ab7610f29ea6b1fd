#pragma once

#include <string>

namespace dflare::report {

/// A file or folder as seen from another folder, with '/'.
std::string relative_path(const std::string& path, const std::string& from_folder);

/// A relative path as a URL: what has a meaning in one, and what is no letter of ASCII, as %XX.
std::string url_of(const std::string& relative_path);

}  // namespace dflare::report
