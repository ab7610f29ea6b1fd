#pragma once

#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// Throws ModelError as load_server() does.
std::shared_ptr<Model> load_from_server(const Server& server, const LoadOptions& options);

std::string server_client_version();  ///< "cpp-httplib 0.11.4"

}  // namespace dflare
