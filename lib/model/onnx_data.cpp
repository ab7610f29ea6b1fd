#include "model/onnx_data.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace dflare {
namespace {

/// The messages of onnx.proto on the way to the tensors.
enum class Message { model, graph, function, node, attribute, sparse_tensor, tensor };

struct Part {
  Message of;
  std::uint64_t field;
  Message is;
};
constexpr Part parts[] = {
    {Message::model, 7, Message::graph},
    {Message::model, 25, Message::function},
    {Message::function, 7, Message::node},
    {Message::function, 11, Message::attribute},
    {Message::graph, 1, Message::node},
    {Message::graph, 5, Message::tensor},
    {Message::graph, 15, Message::sparse_tensor},
    {Message::node, 5, Message::attribute},
    {Message::attribute, 5, Message::tensor},
    {Message::attribute, 6, Message::graph},
    {Message::attribute, 10, Message::tensor},
    {Message::attribute, 11, Message::graph},
    {Message::attribute, 22, Message::sparse_tensor},
    {Message::attribute, 23, Message::sparse_tensor},
    {Message::sparse_tensor, 1, Message::tensor},
    {Message::sparse_tensor, 2, Message::tensor},
};
constexpr std::uint64_t external_data_field = 13;  // of a tensor: pairs of key (1) and value (2)
constexpr int deepest = 100;                       // as protobuf's own readers

std::optional<Message> part_of(Message message, std::uint64_t field) {
  for (const Part& part : parts) {
    if (part.of == message && part.field == field) return part.is;
  }
  return std::nullopt;
}

/// The fields of a protobuf message, one after another.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  std::uint64_t number = 0;
  std::string_view bytes;  ///< of one that has a length; else empty

  /// False at the end, and where the bytes make no sense.
  bool next() {
    std::uint64_t tag = 0, size = 0;
    if (!varint(tag)) return false;
    number = tag >> 3;
    bytes = {};
    switch (tag & 7) {
      case 0:
        return varint(size);
      case 1:
        return skip(8);
      case 2:
        if (!varint(size) || size > rest_.size()) return false;
        bytes = rest_.substr(0, size);
        return skip(size);
      case 5:
        return skip(4);
      default:
        return false;
    }
  }

 private:
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool skip(std::uint64_t count) {
    if (count > rest_.size()) return false;
    rest_.remove_prefix(count);
    return true;
  }

  std::string_view rest_;
};

using Sizes = std::map<std::string, std::uint64_t>;

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void note_data(std::string_view tensor, Sizes& found) {
  std::string location;
  std::uint64_t offset = 0, length = 0;
  for (Fields fields(tensor); fields.next();) {
    if (fields.number != external_data_field) continue;
    std::string_view key, value;
    for (Fields pair(fields.bytes); pair.next();) {
      if (pair.number == 1) key = pair.bytes;
      if (pair.number == 2) value = pair.bytes;
    }
    if (key == "location") location = std::string(value);
    if (key == "offset") offset = number_in(value);
    if (key == "length") length = number_in(value);
  }
  if (location.empty()) return;
  std::uint64_t& size = found[location];
  size = std::max(size, offset + length);
}

void walk(std::string_view bytes, Message message, int depth, Sizes& found) {
  if (message == Message::tensor) return note_data(bytes, found);
  if (depth == deepest) return;
  for (Fields fields(bytes); fields.next();) {
    if (const auto part = part_of(message, fields.number))
      walk(fields.bytes, *part, depth + 1, found);
  }
}

}  // namespace

std::vector<OnnxData> onnx_data(const std::string& bytes) {
  Sizes found;
  walk(bytes, Message::model, 0, found);
  std::vector<OnnxData> data;
  for (const auto& [location, size] : found) data.push_back({location, size});
  return data;
}

}  // namespace dflare
