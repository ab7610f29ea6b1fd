#include "support/json.hpp"

namespace dflare {
namespace {

/// A look at the brackets and commas alone, which takes no memory. What is no JSON may pass it.
void check_limits(const std::string& text, const JsonLimits& limits) {
  std::size_t depth = 0, values = 1;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (letter == '"') {
      quoted = !quoted;
    } else if (quoted) {
      if (letter == '\\') ++at;
    } else if (letter == '[' || letter == '{') {
      ++depth;
      ++values;
    } else if (letter == ']' || letter == '}') {
      if (depth > 0) --depth;
    } else if (letter == ',') {
      ++values;
    }
    if (depth > limits.depth)
      throw JsonError(fmt::format("its JSON is nested deeper than {} levels", limits.depth));
    if (values > limits.values)
      throw JsonError(fmt::format("its JSON holds more than {} values", limits.values));
  }
}

}  // namespace

nlohmann::json parse_json(const std::string& text, const JsonLimits& limits) {
  check_limits(text, limits);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& error) {
    throw JsonError(error.what());
  }
}

nlohmann::json json_or_null(const std::string& text) {
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    return nullptr;
  }
}

std::string brief_json(const nlohmann::json& value) {
  constexpr std::size_t most = 100;
  if (value.is_structured() && value.size() > 8) return std::string("an ") + value.type_name();
  const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

}  // namespace dflare
