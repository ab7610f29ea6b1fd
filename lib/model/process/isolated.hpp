#pragma once

#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// The file in a process of its own: dflare-host. Throws ModelError as load() does.
std::shared_ptr<Model> load_isolated(const std::string& path, const LoadOptions& options);

}  // namespace dflare
