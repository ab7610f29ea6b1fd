#include "report/paths.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>
#include <cctype>
#include <string_view>

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;

// As the system sees it, for a link on the way would lead elsewhere.
fs::path resolved(const std::string& path) {
  return fs::weakly_canonical(fs::absolute(path)).lexically_normal();
}

}  // namespace

std::string relative_path(const std::string& path, const std::string& from_folder) {
  return resolved(path).lexically_relative(resolved(from_folder)).generic_string();
}

std::string url_of(const std::string& relative_path) {
  constexpr std::string_view harmless = "/-._~";
  std::string url;
  for (const char c : relative_path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool stays = byte < 128 && (std::isalnum(byte) != 0 || harmless.find(c) != harmless.npos);
    url += stays ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  // What is before a ':' would be a scheme, but a ':' is written %3A.
  return url;
}

}  // namespace dflare::report
