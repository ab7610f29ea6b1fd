#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace dflare {

/// Text that is no JSON, or JSON with something else in it than a reader expects. Readers say which
/// file or sender it is of.
struct JsonError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What dflare's own files, and the messages that it is sent, stay far below. JSON in memory takes
/// many times its text, and its copies and texts are made by recursion.
struct JsonLimits {
  std::size_t depth = 64;            ///< of arrays and objects within each other
  std::size_t values = 4 * 1 << 20;  ///< in all
};

/// Every JSON text from outside goes through here. Throws JsonError where it is no JSON or goes
/// beyond the limits, before it takes memory for it.
nlohmann::json parse_json(const std::string& text, const JsonLimits& limits = {});

/// Likewise, but null for what cannot be read.
nlohmann::json json_or_null(const std::string& text);

/// For messages: the value's text, or only its type where that is long.
std::string brief_json(const nlohmann::json& value);

/// A number within bounds, both included. Throws JsonError saying what is expected for another one
/// and for what is none. A whole number is expected for an integer type.
template <class T>
T json_number(const nlohmann::json& value, T least = std::numeric_limits<T>::lowest(),
              T most = std::numeric_limits<T>::max()) {
  bool fits = false;
  if constexpr (std::is_floating_point_v<T>) {
    // Compared as what JSON numbers are, so that nothing is cast that does not fit.
    fits = value.is_number() && value.get<double>() >= static_cast<double>(least) &&
           value.get<double>() <= static_cast<double>(most);
  } else if (value.is_number_integer()) {
    constexpr std::uint64_t beyond_signed = std::uint64_t{1} << 63;
    const bool is_huge = value.is_number_unsigned() && value.get<std::uint64_t>() >= beyond_signed;
    if constexpr (std::is_unsigned_v<T>) {
      fits = (is_huge || value.get<std::int64_t>() >= 0) && value.get<std::uint64_t>() >= least &&
             value.get<std::uint64_t>() <= most;
    } else {
      fits = !is_huge && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most;
    }
  }
  if (fits) return value.get<T>();
  throw JsonError(fmt::format("it is {}, expected a {}number from {} to {}", brief_json(value),
                              std::is_floating_point_v<T> ? "" : "whole ", least, most));
}

template <class T>
struct JsonValue {
  static T of(const nlohmann::json& value) {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
      return json_number<T>(value);
    } else {
      try {
        return value.get<T>();
      } catch (const nlohmann::json::exception& error) {
        throw JsonError(error.what());
      }
    }
  }
};

template <class Item>
struct JsonValue<std::vector<Item>> {
  static std::vector<Item> of(const nlohmann::json& value) {
    if (!value.is_array())
      throw JsonError(fmt::format("it is {}, expected a list", brief_json(value)));
    std::vector<Item> items;
    items.reserve(value.size());
    for (const nlohmann::json& item : value) items.push_back(JsonValue<Item>::of(item));
    return items;
  }
};

/// The value as a T: numbers only where T holds them. Throws JsonError.
template <class T>
T json_value(const nlohmann::json& value) {
  return JsonValue<T>::of(value);
}

}  // namespace dflare
