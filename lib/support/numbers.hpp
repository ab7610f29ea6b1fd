#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <type_traits>

namespace dflare {

/// The number that is the whole text, whatever the locale of the program; nothing for any other
/// text, and for a number that T does not hold. A '+' may precede it.
template <class T>
std::optional<T> number_in(std::string_view text) {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace dflare
