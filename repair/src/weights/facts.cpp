#include "weights/facts.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"
#include "weights/archive.hpp"
#include "weights/open_model.hpp"

namespace dflare::repair {
namespace {

constexpr double most_size_change = 0.02;
constexpr double small_change = 512;  // bytes: names and paddings of a small file

std::size_t distinct_of(const at::Tensor& values) {
  return static_cast<std::size_t>(std::get<0>(at::_unique(values.flatten())).numel());
}

std::string lost_of(const ModelTensor& before, const ModelTensor& after) {
  const std::string lost =
      before.value.sizes() != after.value.sizes() ? "another shape" : before.rule.lost(after.value);
  return lost.empty() ? "" : fmt::format("weight {}: {}", before.name, lost);
}

}  // namespace

Facts facts_of(const std::string& bytes, const std::string& engine) {
  Facts facts;
  facts.bytes = bytes.size();
  try {
    const OpenModel model = open_model(bytes, {}, engine);
    for (const ModelTensor& tensor : model.tensors) {
      if (!tensor.weight) continue;
      const auto nonzero = at::count_nonzero(tensor.value).item<std::int64_t>();
      facts.weights += static_cast<std::size_t>(tensor.value.numel());
      facts.zeros += static_cast<std::size_t>(tensor.value.numel() - nonzero);
      facts.distinct += distinct_of(tensor.value);
    }
    facts.quantised_operators = model.quantised_operator_count();
  } catch (const ModelError&) {
    // A model for the corrector.
  }
  return facts;
}

std::string lost_compression(const std::string& before, const std::string& after, const Kind& kind,
                             const std::string& engine) {
  const OpenModel a = open_model(before, kind, engine), b = open_model(after, {}, engine);
  if (a.tensors.size() != b.tensors.size())
    return fmt::format("{} weight tensors became {}", a.tensors.size(), b.tensors.size());
  if (a.quantised_operators != b.quantised_operators) return "its quantised operators changed";
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const std::string lost = lost_of(a.tensors[i], b.tensors[i]);
    if (!lost.empty()) return lost;
  }
  // Where in the source lines come from grows with every saving and is no part of the model.
  const auto size = [](const std::string& bytes) {
    return static_cast<double>(without_debug_information(bytes).size());
  };
  if (std::abs(size(after) - size(before)) >
      std::max(small_change, most_size_change * size(before)))
    return fmt::format("the file has {} bytes and had {}", after.size(), before.size());
  return "";
}

}  // namespace dflare::repair
