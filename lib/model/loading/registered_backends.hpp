#pragma once

#include <vector>

#include "dflare/backend.hpp"

namespace dflare {

/// In the order of their registration.
const std::vector<FileBackend>& registered_backends();

/// The one that reads files of the extension; null where none does.
const FileBackend* registered_backend(const std::string& extension);

/// Whether a backend of dflare's own does, in this build or another.
bool is_own_extension(const std::string& extension);

/// Throws ModelError where the backend cannot load the file, or makes no model of it.
std::shared_ptr<Model> load_registered(const FileBackend& backend, const std::string& path,
                                       const LoadOptions& options);

}  // namespace dflare
