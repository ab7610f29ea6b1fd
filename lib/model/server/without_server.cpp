#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/backend.hpp"

namespace dflare {

std::shared_ptr<Model> load_server(const Server& server, const LoadOptions& /*options*/) {
  throw ModelError("model '" + server.model + "' at " + server.url +
                   ": this build of dflare has no client for servers; build it with cpp-httplib "
                   "(on Debian: apt-get install libcpp-httplib-dev)");
}

std::string server_client() {
  return "";
}

}  // namespace dflare
