#pragma once

#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// A model from a TorchScript file's bytes, kept to parse a module of its own for every replica: so
/// no two workers share one, and a file that changes during a search does no harm. `info` says what
/// is known of where the bytes come from. Throws ModelError.
std::shared_ptr<Model> torchscript_from_bytes(std::string bytes, ModelInfo info,
                                              const LoadOptions& options);
/// From a file. Throws ModelError as load() does.
std::shared_ptr<Model> load_torchscript(const std::string& path, const LoadOptions& options);

/// "LibTorch 1.13.0": the version that the library in use gives itself (Debian's 1.13.1 says
/// 1.13.0).
std::string libtorch_runtime();

}  // namespace dflare
