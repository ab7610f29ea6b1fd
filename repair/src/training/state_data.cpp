#include "training/state_data.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

struct NamedType {
  const char* name;
  at::ScalarType type;
};

constexpr NamedType types[] = {{"float32", at::kFloat}, {"float64", at::kDouble},
                               {"float16", at::kHalf},  {"bfloat16", at::kBFloat16},
                               {"uint8", at::kByte},    {"int8", at::kChar},
                               {"int16", at::kShort},   {"int32", at::kInt},
                               {"int64", at::kLong},    {"bool", at::kBool}};

const char* name_of(at::ScalarType type) {
  for (const NamedType& known : types) {
    if (known.type == type) return known.name;
  }
  throw ModelError("weights of an unknown type cannot be kept between rounds");
}

at::ScalarType type_of(const StateField& field) {
  const auto name = field.as<std::string>();
  for (const NamedType& known : types) {
    if (known.name == name) return known.type;
  }
  field.refuse("unknown type of numbers");
}

constexpr std::int64_t most_pixels = 1 << 16;

std::int64_t side_of(const StateField& field) {
  const auto side = field.as<std::int64_t>();
  if (side < 1 || side > most_pixels)
    field.refuse(fmt::format("it is {}, expected 1 to {}", side, most_pixels));
  return side;
}

std::int64_t channels_of(const StateField& field) {
  const auto channels = field.as<std::int64_t>();
  if (channels != 1 && channels != 3)
    field.refuse(fmt::format("it is {}, expected 1 or 3", channels));
  return channels;
}

std::optional<int> label_of(const StateField& field) {
  if (field.is_null()) return std::nullopt;
  const auto label = field.as<int>();
  if (label < 0) field.refuse(fmt::format("it is {}, expected null, or 0 or more", label));
  return label;
}

}  // namespace

nlohmann::json StateDataWriter::add(const Tensors& tensors) {
  auto all = nlohmann::json::array();
  for (const at::Tensor& given : tensors) {
    const at::Tensor tensor = given.detach().cpu().contiguous();
    all.push_back({{"type", name_of(tensor.scalar_type())}, {"sizes", tensor.sizes().vec()}});
    add(tensor.data_ptr(), tensor.nbytes());
  }
  return all;
}

nlohmann::json StateDataWriter::add(const std::vector<TrainingFinding>& findings) {
  auto all = nlohmann::json::array();
  for (const TrainingFinding& finding : findings) {
    const cv::Mat image = finding.mutant.clone();
    all.push_back({{"rows", image.rows},
                   {"cols", image.cols},
                   {"channels", image.channels()},
                   {"label", finding.label ? nlohmann::json(*finding.label) : nlohmann::json()},
                   {"regret", state_bits(finding.regret)}});
    add(image.data, image.total() * image.elemSize());
  }
  return all;
}

void StateDataWriter::add(const void* data, std::size_t size) {
  bytes_.append(static_cast<const char*>(data), size);
}

Tensors StateDataReader::tensors(const StateField& list) {
  Tensors all;
  for (const StateField& one : list.items()) {
    const at::ScalarType type = type_of(one.at("type"));
    const StateField sizes_field = one.at("sizes");
    const auto sizes = sizes_field.as<std::vector<std::int64_t>>();
    const char* data = take(sizes, c10::elementSize(type), sizes_field);
    all.push_back(at::empty(sizes, type));
    std::copy_n(data, all.back().nbytes(), static_cast<char*>(all.back().data_ptr()));
  }
  return all;
}

std::vector<TrainingFinding> StateDataReader::findings(const StateField& list) {
  std::vector<TrainingFinding> all;
  for (const StateField& one : list.items()) {
    const std::int64_t rows = side_of(one.at("rows")), cols = side_of(one.at("cols")),
                       channels = channels_of(one.at("channels"));
    const char* data = take({rows, cols, channels}, 1, one);
    TrainingFinding finding;
    finding.mutant.create(static_cast<int>(rows), static_cast<int>(cols),
                          channels == 1 ? CV_8UC1 : CV_8UC3);
    std::copy_n(data, finding.mutant.total() * finding.mutant.elemSize(), finding.mutant.data);
    finding.label = label_of(one.at("label"));
    finding.regret = one.at("regret").number();
    all.push_back(finding);
  }
  return all;
}

void StateDataReader::end() const {
  if (!left_.empty()) throw StateError("more data than it says");
}

/// The next bytes, which are there.
const char* StateDataReader::take(const std::vector<std::int64_t>& sizes, std::size_t bytes,
                                  const StateField& field) {
  const bool empty = std::count(sizes.begin(), sizes.end(), 0) > 0;
  for (const std::int64_t size : sizes) {
    if (size < 0) field.refuse("sizes below 0");
    if (empty) continue;
    if (static_cast<std::uint64_t>(size) > left_.size() / bytes)
      field.refuse("sizes that its data do not have");
    bytes *= static_cast<std::size_t>(size);
  }
  if (empty) bytes = 0;
  if (bytes > left_.size()) field.refuse("it ends too early");
  const char* data = left_.data();
  left_.remove_prefix(bytes);
  return data;
}

}  // namespace dflare::repair
