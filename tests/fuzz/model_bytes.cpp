#include "fuzz.hpp"
#include "model/onnx_data.hpp"
#include "model/torchscript/file.hpp"

// What is read of a model file before its runtime is: names of an ONNX file's data, and what a file
// is that is no TorchScript.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  onnx_data(bytes);
  why_no_torchscript(bytes);
}

std::vector<std::string> examples() {
  using namespace std::string_literals;
  // graph (7) { initializer (5) { external_data (13) { key (1): location, value (2): w.data } } }
  const std::string entry = "\x0a\x08location\x12\x06w.data"s;
  const auto field = [](const std::string& tag, const std::string& content) {
    return tag + static_cast<char>(content.size()) + content;
  };
  return {field("\x3a", field("\x2a", field("\x6a", entry) + "\x70\x01")), "PK\x03\x04 archive",
          "\x80\x02}q\x00."s};
}

}  // namespace dflare::fuzz
