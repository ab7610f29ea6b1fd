#include "program/environment.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "dflare/error.hpp"

namespace dflare {

std::string expand_environment(const std::string& text) {
  std::string result;
  std::size_t position = 0;
  for (;;) {
    const std::size_t begin = text.find("${", position);
    result += text.substr(position, begin == std::string::npos ? begin : begin - position);
    if (begin == std::string::npos) return result;
    const std::size_t end = text.find('}', begin);
    if (end == std::string::npos) {
      throw ConfigError(fmt::format(
          "'{}' opens a brace and does not close it; expected ${{NAME}} or ${{NAME:-default}}",
          text));
    }
    const std::string inside = text.substr(begin + 2, end - begin - 2);
    const std::size_t split = inside.find(":-");
    const std::string name = inside.substr(0, split);
    const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
    if (split != std::string::npos && (value == nullptr || *value == '\0')) {
      result += inside.substr(split + 2);
    } else if (value != nullptr) {
      result += value;
    } else {
      throw ConfigError(fmt::format(
          "'{}': the environment variable '{}' is not set; set it, or write ${{{}:-default}}", text,
          name, name));
    }
    position = end + 1;
  }
}

}  // namespace dflare
