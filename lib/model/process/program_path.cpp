#include "model/process/program_path.hpp"

#include <unistd.h>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>

namespace dflare {

namespace fs = boost::filesystem;

bool runs(const fs::path& path) {
  boost::system::error_code failure;
  return fs::is_regular_file(path, failure) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> path_folders() {
  std::vector<fs::path> folders;
  const char* path = std::getenv("PATH");
  if (path == nullptr) return folders;
  std::vector<std::string> parts;
  boost::algorithm::split(parts, path, boost::algorithm::is_any_of(":"));
  for (const std::string& part : parts) {
    if (!part.empty()) folders.emplace_back(part);
  }
  return folders;
}

std::string in_path(const std::string& program) {
  for (const fs::path& folder : path_folders()) {
    if (runs(folder / program)) return (folder / program).string();
  }
  return "";
}

}  // namespace dflare
