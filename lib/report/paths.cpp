#include "report/paths.hpp"

#include <boost/filesystem/operations.hpp>

#include "support/percent_encoded.hpp"

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
  // What is before a ':' would be a scheme, but a ':' is written %3A.
  return percent_encoded(relative_path, "/-._~");
}

}  // namespace dflare::report
