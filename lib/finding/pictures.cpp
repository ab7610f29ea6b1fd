#include "finding/pictures.hpp"

#include <fmt/format.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"

namespace dflare {

std::string picture_in(const std::string& folder, const std::string& name) {
  namespace fs = boost::filesystem;
  const std::string path = (fs::path(folder) / name).string();
  boost::system::error_code failure;
  const fs::file_type type = fs::symlink_status(path, failure).type();
  // What is not there is told by whoever reads it.
  if (type == fs::regular_file || type == fs::file_not_found) return path;
  if (type == fs::status_error)
    throw FindingError(fmt::format("'{}' cannot be read: {}", path, failure.message()));
  throw FindingError(fmt::format(
      "'{}' is {}; the pictures of a finding are files of its own folder, and nothing else is "
      "read for them: restore the file, or remove the finding",
      path,
      type == fs::symlink_file     ? "a symbolic link"
      : type == fs::directory_file ? "a folder"
                                   : "no regular file"));
}

}  // namespace dflare
