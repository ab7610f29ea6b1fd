#pragma once

/// @file
/// How to make a format of model files known.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// What reads model files of a format that dflare does not have.
struct FileBackend {
  std::string name;                     ///< "template matcher": ModelInfo::backend
  std::vector<std::string> extensions;  ///< lower case, with the dot: ".matcher"
  /// The file is there. Its model has file_info() for its ModelInfo, completed; what is thrown is
  /// reported with the file's name.
  std::function<std::shared_ptr<Model>(const std::string& path, const LoadOptions& options)> load;
};

/// Makes load(), manifests and replays know the files. They are loaded in this program alone:
/// `isolate` is refused. Throws ConfigError where the name is empty, nothing loads, or an extension
/// is none, not in lower case, or read by another backend. Not to be called while a search runs.
void register_backend(FileBackend backend);

/// Path, name and SHA-256 of the file, by which its findings are known again. Throws Error where
/// it cannot be read.
ModelInfo file_info(const std::string& path);

}  // namespace dflare
