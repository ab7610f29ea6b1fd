#include "program/plain_text.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace dflare {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// A code point and the bytes it takes; no bytes: what is there is no UTF-8.
struct Decoded {
  std::uint32_t point = 0;
  std::size_t bytes = 0;
};

Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
  std::uint32_t point = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    point = point << 6U | (byte(i) & 0x3fU);
  }
  const bool longer_than_needed = (bytes == 3 && point < 0x800) || (bytes == 4 && point < 0x10000);
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (longer_than_needed || surrogate || point > 0x10ffff) return {};
  return {point, bytes};
}

bool is_white_space(std::uint32_t point) {
  return (point >= '\t' && point <= '\r') || point == 0x85 || point == 0x2028 || point == 0x2029;
}

bool turns_direction(std::uint32_t point) {
  return point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

std::string plain(std::string_view text, bool keep_lines) {
  std::string all;
  all.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.bytes == 0 || next.point == 0xfffe || next.point == 0xffff) {  // XML takes no U+FFFE
      all += replacement;
    } else if (next.point == '\n' && keep_lines) {
      all += '\n';
    } else if (is_white_space(next.point)) {
      all += ' ';
    } else if (is_control(next.point)) {
      all += fmt::format("\\x{:02x}", next.point);
    } else if (turns_direction(next.point)) {
      all += fmt::format("\\u{:04x}", next.point);
    } else {
      all += text.substr(0, next.bytes);
    }
    text.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
  }
  return all;
}

}  // namespace

std::string one_line_utf8(std::string_view text) {
  return plain(text, false);
}

std::string lines_utf8(std::string_view text) {
  return plain(text, true);
}

}  // namespace dflare
