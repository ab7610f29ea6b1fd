#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "weights/kept/kept.hpp"

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

/// Weights stay on their grid.
class StaysOnGrid : public KeptProperty {
 public:
  explicit StaysOnGrid(Grid grid) : grid_(std::move(grid)) {}

  /// Gradients pass through the rounding as if it were not there (straight-through: Bengio et al.,
  /// arXiv 1308.3432).
  at::Tensor obeyed(const at::Tensor& weight) const override;
  std::string lost(const at::Tensor& after) const override;
  const Grid& grid() const { return grid_; }

 private:
  Grid grid_;
};

extern const KeptKind kept_grid;

/// The grid that a weight stays on; null: none.
const Grid* grid_in(const WeightRule& rule);

}  // namespace dflare::repair
