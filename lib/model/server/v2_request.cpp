#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/server/v2_protocol.hpp"

namespace dflare::v2 {
namespace {

using nlohmann::json;

const char* datatype_of(Element element) {
  switch (element) {
    case Element::float32:
      return "FP32";
    case Element::uint8:
      return "UINT8";
    case Element::int8:
      return "INT8";
  }
  return "";
}

// As text that reads back as the same bits: a float is a double, and this is the shortest text of
// that. (nlohmann-json writes it too, and takes several times as long for a batch of images.)
void append(float value, std::string& text) {
  if (value == 0) {
    text += std::signbit(value) ? "-0.0" : "0";
    return;
  }
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), static_cast<double>(value)).ptr;
  text.append(digits, end);
}

void append(int value, std::string& text) {
  text += std::to_string(value);
}

template <class Value>
std::string numbers(const void* data, std::size_t bytes) {
  const auto* values = static_cast<const Value*>(data);
  std::string text = "[";
  for (std::size_t i = 0; i < bytes / sizeof(Value); ++i) {
    if (i > 0) text += ',';
    append(values[i], text);
  }
  return text + "]";
}

std::string numbers(Element element, const void* data, std::size_t bytes) {
  switch (element) {
    case Element::float32:
      return numbers<float>(data, bytes);
    case Element::uint8:
      return numbers<std::uint8_t>(data, bytes);
    case Element::int8:
      return numbers<std::int8_t>(data, bytes);
  }
  return "[]";
}

}  // namespace

Request request_of(const Contract& contract, const Feed::Tensor& tensor, Layout layout, int first,
                   int count) {
  const void* data = tensor.from(first);
  const std::size_t bytes = tensor.bytes_an_image * static_cast<std::size_t>(count);
  json input = {{"name", contract.input}, {"datatype", datatype_of(contract.element)}};
  input["shape"] = layout == Layout::nchw
                       ? std::vector<int>{count, tensor.channels, tensor.height, tensor.width}
                       : std::vector<int>{count, tensor.height, tensor.width, tensor.channels};
  json request = json::object();
  if (contract.binary) {
    input["parameters"]["binary_data_size"] = bytes;
    request["parameters"]["binary_data_output"] = true;
  }
  if (!contract.output.empty()) {
    json output = {{"name", contract.output}};
    if (contract.binary) output["parameters"]["binary_data"] = true;
    request["outputs"] = {output};
  }
  request["inputs"] = json::array({input});
  Request made;
  made.body = request.dump();
  if (contract.binary) {
    made.json_length = made.body.size();
    made.body.append(static_cast<const char*>(data), bytes);
  } else {
    const std::string begin = R"("inputs":[{)";
    made.body.insert(made.body.find(begin) + begin.size(),
                     "\"data\":" + numbers(contract.element, data, bytes) + ",");
  }
  return made;
}

}  // namespace dflare::v2
