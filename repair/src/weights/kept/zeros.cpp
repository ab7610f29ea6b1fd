#include "weights/kept/zeros.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace dflare::repair {
namespace {

std::shared_ptr<const KeptProperty> recognise_zeros(const at::Tensor& value, const Grid*, Keep keep,
                                                    const WeightRule& rule) {
  const bool zeros = value.eq(0).any().item<bool>();
  if (keep == Keep::never || !zeros) return nullptr;
  if (keep == Keep::automatic && !is_pruned(value, grid_in(rule))) return nullptr;
  return std::make_shared<ZerosStay>(value.ne(0).to(at::kFloat));
}

std::string zeros_in_words(const std::vector<KeptWeight>& kept, std::size_t weights) {
  std::int64_t zeros = 0;
  for (const KeptWeight& weight : kept)
    zeros += weight.value.numel() - at::count_nonzero(weight.value).item<std::int64_t>();
  return fmt::format("pruned: {} of the weights are zero ({:.1f} %), in {} tensors; kept", zeros,
                     100.0 * static_cast<double>(zeros) / static_cast<double>(weights),
                     kept.size());
}

}  // namespace

const KeptKind kept_zeros = {"zeros", &Kind::zeros, "no weight of it was pruned: none is zero",
                             recognise_zeros, zeros_in_words};

bool is_pruned(const at::Tensor& weight, const Grid* grid) {
  if (grid == nullptr) return weight.eq(0).any().item<bool>();
  const at::Tensor levels = grid->levels(weight);
  const auto count = [&levels](int level) { return levels.eq(level).sum().item<std::int64_t>(); };
  constexpr double least_share = 0.1, least_ratio = 3;
  const auto zeros = static_cast<double>(count(0));
  return zeros >= least_share * static_cast<double>(weight.numel()) &&
         zeros > least_ratio * static_cast<double>(count(-1) + count(1));
}

at::Tensor ZerosStay::obeyed(const at::Tensor& weight) const {
  return weight * mask_;
}

std::string ZerosStay::lost(const at::Tensor& after) const {
  const auto filled = at::count_nonzero(after * (1 - mask_)).item<std::int64_t>();
  return filled > 0 ? fmt::format("{} zeros are gone", filled) : "";
}

}  // namespace dflare::repair
