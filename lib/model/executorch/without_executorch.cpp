#include "model/backend.hpp"

namespace dflare {

Backend executorch_backend() {
  return {"ExecuTorch",
          {".pte"},
          nullptr,
          "build it with ExecuTorch: 'scripts/install-runtimes.sh --with executorch' installs that "
          "and says how; or serve the file by a process (docs/process.md)",
          nullptr};
}

}  // namespace dflare
