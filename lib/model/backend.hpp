#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// What reads model files of one kind. load() knows the backends by their extensions; a new one is
/// a function like the one below and a line in load.cpp.
struct Backend {
  std::string name;
  std::vector<std::string> extensions;  ///< lower case, with the dot
  std::shared_ptr<Model> (*load)(const std::string& path, const LoadOptions& options);
};

Backend torchscript_backend();

}  // namespace dflare
