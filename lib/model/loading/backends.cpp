// What runs models, and what a build without it says. A new backend of files is its folder, a row
// here and a line in CMakeLists.txt.

#include "model/loading/backends.hpp"

#include "model/executorch/executorch.hpp"
#include "model/openvino/openvino.hpp"
#include "model/server/server.hpp"
#include "model/torchscript/torchscript.hpp"

namespace dflare {

// The function; null where `built` is 0: then this build has no such function to link with.
#define DFLARE_WHERE(built, function)     \
  []() -> decltype(&(function)) {         \
    if constexpr (built) return function; \
    return nullptr;                       \
  }()

const std::vector<Backend>& backends() {
  static const std::vector<Backend> all = {
      {"TorchScript",
       {".pt", ".pth", ".ts", ".torchscript"},
       load_torchscript,
       libtorch_runtime,
       ""},
      {"OpenVINO",
       {".onnx", ".tflite", ".xml"},
       DFLARE_WHERE(DFLARE_HAS_OPENVINO, load_openvino),
       DFLARE_WHERE(DFLARE_HAS_OPENVINO, openvino_runtime),
       "build it with OpenVINO: 'scripts/install-runtimes.sh --with openvino' installs that and "
       "says how; or serve the file by a process (docs/process.md)"},
      {"ExecuTorch",
       {".pte"},
       DFLARE_WHERE(DFLARE_HAS_EXECUTORCH, load_executorch),
       DFLARE_WHERE(DFLARE_HAS_EXECUTORCH, executorch_version),
       "build it with ExecuTorch: 'scripts/install-runtimes.sh --with executorch' installs that "
       "and says how; or serve the file by a process (docs/process.md)"},
  };
  return all;
}

const ServerBackend& server_backend() {
  static const ServerBackend backend = {
      DFLARE_WHERE(DFLARE_HAS_SERVER, load_from_server),
      DFLARE_WHERE(DFLARE_HAS_SERVER, server_client_version),
      "build it with cpp-httplib (on Debian: apt-get install libcpp-httplib-dev)"};
  return backend;
}

#undef DFLARE_WHERE

}  // namespace dflare
