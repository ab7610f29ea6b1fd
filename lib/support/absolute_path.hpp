#pragma once

#include <boost/filesystem/operations.hpp>
#include <string>

namespace dflare {

/// Absolute and without "." and "..".
inline std::string absolute_path(const std::string& path) {
  std::string text = boost::filesystem::absolute(path).lexically_normal().string();
  // "out/" becomes "/.../out/."
  if (text.size() > 2 && text.compare(text.size() - 2, 2, "/.") == 0) text.resize(text.size() - 2);
  return text;
}

}  // namespace dflare
