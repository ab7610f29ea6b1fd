#pragma once

#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// Throws ModelError as load() does.
std::shared_ptr<Model> load_executorch(const std::string& path, const LoadOptions& options);

/// "ExecuTorch 1.5.1": the version that dflare was built with.
std::string executorch_version();

}  // namespace dflare
