#include "model/backend.hpp"

namespace dflare {

Backend openvino_backend() {
  return {"OpenVINO",
          {".onnx", ".tflite", ".xml"},
          nullptr,
          "build it with OpenVINO: 'scripts/install-runtimes.sh --with openvino' installs that and "
          "says how; or serve the file by a process (docs/process.md)",
          nullptr};
}

}  // namespace dflare
