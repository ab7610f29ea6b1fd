#include "dflare/error.hpp"
#include "model/backend.hpp"

namespace dflare {

std::shared_ptr<Model> load_process(const Command& command, const LoadOptions& /*options*/) {
  throw ModelError("model '" + ModelSource{"", command, {}}.name() + "': not supported yet");
}

std::shared_ptr<Model> load_isolated(const std::string& path, const LoadOptions& /*options*/) {
  throw ModelError("model file '" + path + "': isolate is not supported yet");
}

}  // namespace dflare
