#include "weights/kept/grid.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace dflare::repair {
namespace {

constexpr double tolerance = 1e-3;           // of a step
constexpr int most_levels = 255;             // from 0, on the longer side
constexpr std::int64_t least_evidence = 16;  // values that a grid would not meet by chance

std::vector<double> distinct_values(const at::Tensor& weight) {
  const at::Tensor flat = weight.detach().to(at::kCPU, at::kDouble).flatten().contiguous();
  std::vector<double> values(flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

bool all_multiples(const std::vector<double>& values, double step) {
  return std::all_of(values.begin(), values.end(), [step](double value) {
    const double level = value / step;
    return std::abs(level - std::round(level)) <= tolerance;
  });
}

/// The largest step of which all values are multiples, at most 255 steps in all; 0 if there is
/// none.
double coarsest_step(const std::vector<double>& values) {
  if (values.size() > 256) return 0;
  const double largest = std::max(std::abs(values.front()), std::abs(values.back()));
  if (largest == 0) return 0;
  for (int levels = 1; levels <= most_levels; ++levels) {
    const double step = largest / levels;
    if ((values.back() - values.front()) / step > most_levels + 0.5) return 0;
    if (all_multiples(values, step)) return step;
  }
  return 0;
}

Grid grid_of(const at::Tensor& weight, const at::Tensor& scale) {
  Grid grid;
  grid.scale = scale;
  const at::Tensor levels = grid.levels(weight);
  const auto low = levels.min().item<std::int64_t>(), high = levels.max().item<std::int64_t>();
  grid.low = low;
  grid.high = high;
  // The other side as far as the longer one, where that takes no more bits.
  Grid wider = grid;
  const std::int64_t longest = std::max(-low, high);
  const std::int64_t most = (std::int64_t{1} << grid.bits()) - 1;  // levels less one
  wider.low = -longest;
  wider.high = std::min(longest, most - longest);
  if (wider.low <= low && wider.high >= high && wider.bits() == grid.bits()) return wider;
  return grid;
}

std::optional<Grid> grid_of_tensor(const at::Tensor& weight) {
  if (at::count_nonzero(weight).item<std::int64_t>() < least_evidence) return std::nullopt;
  const std::vector<double> values = distinct_values(weight);
  const double step = coarsest_step(values);
  if (step == 0) return std::nullopt;
  return grid_of(weight, at::full({}, step, at::kFloat));
}

std::optional<Grid> grid_by_channel(const at::Tensor& weight) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
  shape[0] = weight.size(0);
  at::Tensor scales = at::ones({weight.size(0)}, at::kFloat);
  std::int64_t evidence = 0;
  for (std::int64_t c = 0; c < weight.size(0); ++c) {
    const at::Tensor channel = weight[c];
    const std::vector<double> values = distinct_values(channel);
    if (values.size() == 1 && values[0] == 0) continue;
    const double step = coarsest_step(values);
    if (step == 0) return std::nullopt;
    scales[c] = step;
    // A value met by chance has to be within the tolerance of one of the levels; the largest always
    // is.
    evidence += static_cast<std::int64_t>(values.size()) - 2;
  }
  if (evidence < least_evidence) return std::nullopt;
  return grid_of(weight, scales.view(shape));
}

std::shared_ptr<const KeptProperty> recognise_grid(const at::Tensor& value, const Grid* packing,
                                                   Keep keep, const WeightRule&) {
  // An int8 kernel holds nothing else, whatever is asked for.
  if (packing != nullptr) return std::make_shared<StaysOnGrid>(*packing);
  if (keep == Keep::never) return nullptr;
  const auto grid = find_grid(value);
  return grid ? std::make_shared<StaysOnGrid>(*grid) : nullptr;
}

std::string grids_in_words(const std::vector<KeptWeight>& kept, std::size_t) {
  std::size_t per_tensor = 0, per_channel = 0;
  std::map<int, int> tensors_of;
  for (const KeptWeight& weight : kept) {
    const Grid& grid = static_cast<const StaysOnGrid&>(weight.property).grid();
    ++(grid.per_channel() ? per_channel : per_tensor);
    ++tensors_of[grid.bits()];
  }
  std::string bits;
  for (const auto& [b, tensors] : tensors_of)
    bits += fmt::format("{}{} bits ({} tensors)", bits.empty() ? "" : ", ", b, tensors);
  return fmt::format("on a grid of {}: one scale a tensor in {}, one a channel in {}; kept", bits,
                     per_tensor, per_channel);
}

}  // namespace

const KeptKind kept_grid = {"grid", &Kind::grid, "none of its weight tensors is on a k-bit grid",
                            recognise_grid, grids_in_words};

int Grid::bits() const {
  int bits = 1;
  while ((std::int64_t{1} << bits) < high - low + 1) ++bits;
  return bits;
}

at::Tensor Grid::levels(const at::Tensor& weight) const {
  return at::round(weight.detach() / scale);
}

at::Tensor Grid::nearest(const at::Tensor& weight) const {
  return levels(weight).clamp(low, high) * scale;
}

std::optional<Grid> find_grid(const at::Tensor& weight) {
  if (weight.dim() < 2 || weight.numel() < least_evidence) return std::nullopt;
  const auto grid = grid_of_tensor(weight);
  return grid ? grid : grid_by_channel(weight);
}

at::Tensor StaysOnGrid::obeyed(const at::Tensor& weight) const {
  return weight + (grid_.nearest(weight) - weight).detach();
}

std::string StaysOnGrid::lost(const at::Tensor& after) const {
  // A float weight is a rounded multiple of a scale that itself was read off rounded weights.
  constexpr double most_off = 2e-3;
  const at::Tensor off = (after - grid_.nearest(after)).abs() / grid_.scale;
  return off.max().item<double>() > most_off ? fmt::format("off its {}-bit grid", grid_.bits())
                                             : "";
}

const Grid* grid_in(const WeightRule& rule) {
  const auto* kept = static_cast<const StaysOnGrid*>(rule.of(kept_grid));
  return kept == nullptr ? nullptr : &kept->grid();
}

}  // namespace dflare::repair
