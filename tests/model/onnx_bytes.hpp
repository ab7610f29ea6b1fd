#pragma once

#include <string>

namespace dflare::test {

inline std::string varint(std::size_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

/// A field of a protobuf message that has a length.
inline std::string field(std::size_t number, const std::string& bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
}

/// A TensorProto whose values lie in another file; empty texts are left out.
inline std::string external_tensor(const std::string& location, const std::string& offset,
                                   const std::string& length) {
  std::string tensor = field(8, "name");
  const auto entry = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) tensor += field(13, field(1, key) + field(2, value));
  };
  entry("location", location);
  entry("offset", offset);
  entry("length", length);
  return tensor + varint(14 << 3) + varint(1);
}

}  // namespace dflare::test
