#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dflare {

/// A file beside an ONNX file that holds values of its tensors.
struct OnnxData {
  std::string location;    ///< as the ONNX file names it: relative to its folder
  std::uint64_t size = 0;  ///< that it must have at least; 0: not said
};

/// Those that the bytes of an ONNX file name anywhere (in subgraphs and functions too), sorted and
/// each once. What is no ONNX file names none, and what is damaged those before the damage.
std::vector<OnnxData> onnx_data(const std::string& bytes);

}  // namespace dflare
