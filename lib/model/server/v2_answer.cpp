#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "dflare/error.hpp"
#include "model/server/excerpt.hpp"
#include "model/server/v2_protocol.hpp"
#include "support/json.hpp"
#include "support/numbers.hpp"

namespace dflare::v2 {
namespace {

using nlohmann::json;

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

json parse_leniently(const std::string& text) {
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    const std::string corrected = with_null_for_non_finite(text);
    if (corrected == text) throw;
    return parse_json(corrected);
  }
}

json parse(const std::string& text) {
  try {
    json parsed = parse_leniently(text);
    if (parsed.is_object()) return parsed;
  } catch (const JsonError& error) {
    throw ModelError(
        fmt::format("its answer is no JSON object that can be read: {}", excerpt(error.what())));
  }
  throw ModelError("its answer is no JSON object");
}

const json& member(const json& object, const char* key) {
  static const json none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

// One flat array, or one of rows: both are allowed.
void append_numbers(const json& data, int levels, std::vector<float>& scores) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  if (data.is_array() && levels > 0) {
    for (const json& part : data) append_numbers(part, levels - 1, scores);
  } else if (data.is_number()) {
    const double value = data.get<double>();
    const bool fits = std::abs(value) <= std::numeric_limits<float>::max();
    scores.push_back(fits ? static_cast<float>(value) : nan);
  } else if (data.is_null()) {
    scores.push_back(nan);
  } else {
    throw ModelError(fmt::format("its answer's data hold a value of type {} where a number belongs",
                                 data.type_name()));
  }
}

std::size_t json_size(const std::string& body, const std::string& header) {
  if (header.empty()) return body.size();
  const bool is_number =
      header.size() < 18 && header.find_first_not_of("0123456789") == std::string::npos;
  const std::size_t size = is_number ? number_in<std::size_t>(header).value() : body.size() + 1;
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
  if (member(output, "datatype") != "FP32") {
    throw ModelError(
        fmt::format("it answered a tensor of datatype {}; expected FP32 (in Python: "
                    "astype(numpy.float32))",
                    brief_json(member(output, "datatype"))));
  }
  return output;
}

int classes_in(const json& output, int count) {
  const json& shape = member(output, "shape");
  try {
    const auto sides = json_value<std::vector<int>>(shape);
    if (sides.size() == 2 && sides[0] == count && sides[1] > 0) return sides[1];
  } catch (const JsonError&) {
    // Said below.
  }
  throw ModelError(fmt::format(
      "it answered a tensor of shape {} for {} image(s); expected images x classes = {} x N",
      brief_json(shape), count, count));
}

}  // namespace

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
  const json& parameters = member(output, "parameters");
  if (parameters.is_object() && parameters.contains("binary_data_size")) {
    const std::size_t bytes = body.size() - size;
    if (parameters["binary_data_size"] != bytes || bytes != values * sizeof(float)) {
      throw ModelError(fmt::format(
          "its answer says {} bytes of scores and holds {}; {} x {} scores are {} bytes",
          brief_json(parameters["binary_data_size"]), bytes, count, read.classes,
          values * sizeof(float)));
    }
    read.scores.resize(values);
    std::memcpy(read.scores.data(), body.data() + size, bytes);
  } else {
    const json& data = member(output, "data");
    if (!data.is_array()) {
      throw ModelError("its answer's tensor has no array of data");
    }
    append_numbers(data, 2, read.scores);
    if (read.scores.size() != values) {
      throw ModelError(fmt::format("it answered {} scores in a tensor of {} x {}",
                                   read.scores.size(), count, read.classes));
    }
  }
  return read;
}

}  // namespace dflare::v2
