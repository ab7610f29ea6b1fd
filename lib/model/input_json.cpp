#include "model/input_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/json.hpp"

namespace dflare {
namespace {

template <class T>
T field(const nlohmann::json& json, const char* key) {
  try {
    return json_value<T>(json.at(key));
  } catch (const nlohmann::json::exception& error) {
    throw InputFieldError(key, error.what());
  } catch (const JsonError& error) {
    throw InputFieldError(key, error.what());
  }
}

// True for the first word, false for the second.
bool either(const nlohmann::json& json, const char* key, const std::string& first,
            const std::string& second) {
  const auto word = field<std::string>(json, key);
  if (word != first && word != second)
    throw InputFieldError(key, fmt::format("'{}', expected {} or {}", word, first, second));
  return word == first;
}

}  // namespace

InputFieldError::InputFieldError(const std::string& field, const std::string& reason)
    : ConfigError(fmt::format("input {}: {}", field, reason)), field_(field), reason_(reason) {}

const std::vector<std::string>& output_names() {
  static const std::vector<std::string> names = {"auto", "logits", "probabilities", "sigmoid"};
  return names;
}

const std::string& output_name(Output output) {
  return output_names()[static_cast<std::size_t>(output)];
}

nlohmann::ordered_json input_to_json(const InputSpec& input) {
  nlohmann::ordered_json json;
  json["size"] = input.size.given() ? nlohmann::ordered_json{input.size.height, input.size.width}
                                    : nlohmann::ordered_json(nullptr);
  json["resize"] = input.resize;
  json["channels"] = input.channels;
  json["low"] = input.low;
  json["high"] = input.high;
  json["mean"] = input.mean;
  json["stddev"] = input.stddev;
  json["layout"] = input.layout == Layout::nchw ? "nchw" : "nhwc";
  json["output"] = output_name(input.output);
  return json;
}

InputSpec input_from_json(const nlohmann::json& json) {
  InputSpec input;
  if (const auto size = field<nlohmann::json>(json, "size"); !size.is_null()) {
    const auto sides = field<std::vector<int>>(json, "size");
    if (sides.size() != 2)
      throw InputFieldError("size", fmt::format("{}, expected [height, width]", size.dump()));
    input.size = {sides[0], sides[1]};
  }
  input.resize = field<bool>(json, "resize");
  input.channels = field<int>(json, "channels");
  input.low = field<float>(json, "low");
  input.high = field<float>(json, "high");
  input.mean = field<std::vector<float>>(json, "mean");
  input.stddev = field<std::vector<float>>(json, "stddev");
  input.layout = either(json, "layout", "nchw", "nhwc") ? Layout::nchw : Layout::nhwc;
  const auto output = field<std::string>(json, "output");
  const auto found = std::find(output_names().begin(), output_names().end(), output);
  if (found == output_names().end()) {
    throw InputFieldError(
        "output", fmt::format("'{}', expected one of {}", output, fmt::join(output_names(), ", ")));
  }
  input.output = static_cast<Output>(found - output_names().begin());
  return input;
}

}  // namespace dflare
