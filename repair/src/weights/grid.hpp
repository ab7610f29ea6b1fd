#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace dflare::repair {

/// A weight tensor's k-bit grid: its values are whole multiples, `low` to `high`, of a scale, one
/// for the tensor or one for each output channel.
struct Grid {
  at::Tensor scale;  ///< float; a scalar, or one a channel, shaped to broadcast over the weight
  std::int64_t low = 0, high = 0;

  int bits() const;
  bool per_channel() const { return scale.numel() > 1; }
  /// The nearest points of the grid.
  at::Tensor nearest(const at::Tensor& weight) const;
  /// Whole multiples.
  at::Tensor levels(const at::Tensor& weight) const;
};

/// The coarsest grid of at most 8 bits on which all weights are, up to a thousandth of a step; none
/// for tensors too small to tell.
std::optional<Grid> find_grid(const at::Tensor& weight);

/// Whether the zeros of the weight come of pruning: on a grid that is so where there are many more
/// of them than of its neighbours, since rounding makes zeros too; elsewhere where there is any.
bool is_pruned(const at::Tensor& weight, const std::optional<Grid>& grid);

/// What a weight has to stay: zero where it was zero, and on its grid.
struct WeightRule {
  std::optional<at::Tensor> mask;  ///< 1 where the weight may be other than 0
  std::optional<Grid> grid;

  /// The nearest weight that obeys; gradients pass through the rounding as if it were not there
  /// (straight-through: Bengio et al., arXiv 1308.3432), and not where the mask is 0.
  at::Tensor obeyed(const at::Tensor& weight) const;
};

}  // namespace dflare::repair
