#pragma once

#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// Throws ModelError as load() does.
std::shared_ptr<Model> load_openvino(const std::string& path, const LoadOptions& options);

std::string openvino_runtime();  ///< "OpenVINO 2026.4.1"

}  // namespace dflare
