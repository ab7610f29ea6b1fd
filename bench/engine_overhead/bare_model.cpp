#include "bare_model.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::bench {

std::unique_ptr<BareModel> bare_model(const Model& loaded) {
  const ModelInfo& info = loaded.info();
  if (info.backend == "TorchScript") return bare_torchscript(info, loaded.input());
#ifdef DFLARE_HAS_OPENVINO
  if (info.backend == "OpenVINO") return bare_openvino(info, loaded.input());
#endif
#ifdef DFLARE_HAS_EXECUTORCH
  if (info.backend == "ExecuTorch") return bare_executorch(info, loaded.input());
#endif
  throw ConfigError(
      fmt::format("model '{}': engine_overhead calls no runtime of the backend '{}' directly; "
                  "expected a file of "
                  "TorchScript, OpenVINO or ExecuTorch",
                  info.name, info.backend));
}

}  // namespace dflare::bench
