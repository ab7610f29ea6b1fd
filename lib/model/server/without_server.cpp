#include "dflare/error.hpp"
#include "dflare/model.hpp"

namespace dflare {

std::shared_ptr<Model> load_server(const Server& server, const LoadOptions& /*options*/) {
  throw ModelError("model '" + server.model + "' at " + server.url +
                   ": this build of dflare has no client for servers; build it with cpp-httplib "
                   "(on Debian: apt-get install libcpp-httplib-dev)");
}

}  // namespace dflare
