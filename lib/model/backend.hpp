#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// What reads model files of one kind. load() knows the backends by their extensions; a new one is
/// a function like those below and a line in load.cpp.
struct Backend {
  std::string name;
  std::vector<std::string> extensions;  ///< lower case, with the dot
  /// Null where this build has no such backend.
  std::shared_ptr<Model> (*load)(const std::string& path, const LoadOptions& options);
  std::string missing;                 ///< then: how to get a build that has it
  std::string (*runtime)() = nullptr;  ///< "OpenVINO 2026.4.1"; null likewise
};

Backend torchscript_backend();
Backend openvino_backend();
Backend executorch_backend();

/// "cpp-httplib 0.11.4"; empty where this build has no client of servers.
std::string server_client();

/// The file in a process of its own: dflare-host.
std::shared_ptr<Model> load_isolated(const std::string& path, const LoadOptions& options);

}  // namespace dflare
