#include "model/v2_protocol.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "dflare/error.hpp"
#include "model/excerpt.hpp"

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

// A float is a double, whose shortest text reads back as the same bits.
template <class Value>
json numbers(const void* data, std::size_t bytes) {
  const auto* values = static_cast<const Value*>(data);
  return json(std::vector<Value>(values, values + bytes / sizeof(Value)));
}

json numbers(Element element, const void* data, std::size_t bytes) {
  switch (element) {
    case Element::float32:
      return numbers<float>(data, bytes);
    case Element::uint8:
      return numbers<std::uint8_t>(data, bytes);
    case Element::int8:
      return numbers<std::int8_t>(data, bytes);
  }
  return {};
}

// Some servers write NaN, Infinity and -Infinity into JSON, which has no such numbers.
std::string with_null_for_non_finite(const std::string& text) {
  std::string json_text;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (quoted && text[at] == '\\' && at + 1 < text.size()) {
      json_text += text[at++];
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted) {
      bool replaced = false;
      for (const std::string token : {"NaN", "-Infinity", "Infinity"}) {
        if (text.compare(at, token.size(), token) == 0) {
          json_text += "null";
          at += token.size() - 1;
          replaced = true;
          break;
        }
      }
      if (replaced) continue;
    }
    json_text += text[at];
  }
  return json_text;
}

json parse(const std::string& text) {
  json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) {
    parsed = json::parse(with_null_for_non_finite(text), nullptr, false);
  }
  if (!parsed.is_object()) {
    throw ModelError("its answer is no JSON object");
  }
  return parsed;
}

// Nested arrays, or one flat one: both are allowed.
void append_numbers(const json& data, std::vector<float>& scores) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  if (data.is_array()) {
    for (const json& part : data) append_numbers(part, scores);
  } else if (data.is_number()) {
    const double value = data.get<double>();
    const bool fits = std::abs(value) <= std::numeric_limits<float>::max();
    scores.push_back(fits ? static_cast<float>(value) : nan);
  } else if (data.is_null()) {
    scores.push_back(nan);
  } else {
    throw ModelError(fmt::format("its answer holds {} where numbers belong", excerpt(data.dump())));
  }
}

std::size_t json_size(const std::string& body, const std::string& header) {
  if (header.empty()) return body.size();
  const bool is_number =
      header.size() < 18 && header.find_first_not_of("0123456789") == std::string::npos;
  const std::size_t size = is_number ? std::stoull(header) : body.size() + 1;
  if (size > body.size()) {
    throw ModelError(fmt::format(
        "its answer's header Inference-Header-Content-Length is {}, and the answer {} bytes long",
        excerpt(header), body.size()));
  }
  return size;
}

void require_equal(const json& answer, const char* key, const std::string& wanted) {
  const auto found = answer.find(key);
  if (wanted.empty() || found == answer.end() || !found->is_string()) return;
  if (*found != wanted) {
    throw ModelError(fmt::format("its answer has {} {}; asked for was '{}'", key,
                                 excerpt(found->get<std::string>()), wanted));
  }
}

const json& output_in(const Contract& contract, const json& answer) {
  const auto outputs = answer.find("outputs");
  if (outputs == answer.end() || !outputs->is_array() || outputs->size() != 1 ||
      !outputs->front().is_object()) {
    throw ModelError("its answer's 'outputs' is no list of one tensor");
  }
  const json& output = outputs->front();
  require_equal(output, "name", contract.output);
  if (output.value("datatype", json()) != "FP32") {
    throw ModelError(
        fmt::format("it answered a tensor of datatype {}; expected FP32 (in Python: "
                    "astype(numpy.float32))",
                    output.value("datatype", json("missing")).dump()));
  }
  return output;
}

int classes_in(const json& output, int count) {
  const json shape = output.value("shape", json());
  const bool fits = shape.is_array() && shape.size() == 2 && shape[0].is_number_integer() &&
                    shape[1].is_number_integer() && shape[0] == count && shape[1] > 0 &&
                    shape[1] <= std::numeric_limits<int>::max();
  if (!fits) {
    throw ModelError(fmt::format(
        "it answered a tensor of shape {} for {} image(s); expected images x classes = {} x N",
        shape.dump(), count, count));
  }
  return shape[1].get<int>();
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
  json request;
  if (contract.binary) {
    input["parameters"]["binary_data_size"] = bytes;
    request["parameters"]["binary_data_output"] = true;
  } else {
    input["data"] = numbers(contract.element, data, bytes);
  }
  if (!contract.output.empty()) {
    json output = {{"name", contract.output}};
    if (contract.binary) output["parameters"]["binary_data"] = true;
    request["outputs"] = {output};
  }
  request["inputs"] = json::array({std::move(input)});
  Request made;
  made.body = request.dump();
  if (contract.binary) {
    made.json_length = made.body.size();
    made.body.append(static_cast<const char*>(data), bytes);
  }
  return made;
}

Answer read_answer(const Contract& contract, const std::string& body,
                   const std::string& json_length, int count) {
  const std::size_t size = json_size(body, json_length);
  const json answer = parse(body.substr(0, size));
  require_equal(answer, "model_name", contract.model);
  require_equal(answer, "model_version", contract.version);
  const json& output = output_in(contract, answer);
  Answer read;
  read.classes = classes_in(output, count);
  const std::size_t values =
      static_cast<std::size_t>(count) * static_cast<std::size_t>(read.classes);
  const json parameters = output.value("parameters", json::object());
  if (parameters.is_object() && parameters.contains("binary_data_size")) {
    const std::size_t bytes = body.size() - size;
    if (parameters["binary_data_size"] != bytes || bytes != values * sizeof(float)) {
      throw ModelError(fmt::format(
          "its answer says {} bytes of scores and holds {}; {} x {} scores are {} bytes",
          parameters["binary_data_size"].dump(), bytes, count, read.classes,
          values * sizeof(float)));
    }
    read.scores.resize(values);
    std::memcpy(read.scores.data(), body.data() + size, bytes);
  } else {
    append_numbers(output.value("data", json::array()), read.scores);
    if (read.scores.size() != values) {
      throw ModelError(fmt::format("it answered {} scores in a tensor of {} x {}",
                                   read.scores.size(), count, read.classes));
    }
  }
  return read;
}

}  // namespace dflare::v2
