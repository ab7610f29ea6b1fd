#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/model.hpp"

namespace dflare {

/// What reads model files of one kind.
struct Backend {
  std::string name;
  std::vector<std::string> extensions;  ///< lower case, with the dot
  /// Null where this build lacks the backend.
  std::shared_ptr<Model> (*load)(const std::string& path, const LoadOptions& options);
  std::string (*runtime)();  ///< "OpenVINO 2026.4.1"; null likewise
  std::string how_to_get;    ///< a build that has it, for messages
};

/// What asks models behind servers.
struct ServerBackend {
  /// Null where this build lacks it.
  std::shared_ptr<Model> (*load)(const Server& server, const LoadOptions& options);
  std::string (*runtime)();  ///< "cpp-httplib 0.11.4"; null likewise
  std::string how_to_get;    ///< a build that has it, for messages
};

/// All that dflare knows, also those that this build lacks.
const std::vector<Backend>& backends();
const ServerBackend& server_backend();

}  // namespace dflare
