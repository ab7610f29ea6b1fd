#pragma once

#include <optional>

#include "weights/kept/grid.hpp"
#include "weights/kept/kept.hpp"

namespace dflare::repair {

/// Whether the zeros of the weight come of pruning: on a grid that is so where there are many more
/// of them than of its neighbours, since rounding makes zeros too; elsewhere where there is any.
bool is_pruned(const at::Tensor& weight, const Grid* grid);

/// Weights that are zero stay zero.
class ZerosStay : public KeptProperty {
 public:
  /// `mask`: 1 where the weight may be other than 0, and 0 elsewhere.
  explicit ZerosStay(at::Tensor mask) : mask_(std::move(mask)) {}

  /// Gradients do not pass where the mask is 0.
  at::Tensor obeyed(const at::Tensor& weight) const override;
  std::string lost(const at::Tensor& after) const override;

 private:
  at::Tensor mask_;
};

extern const KeptKind kept_zeros;

}  // namespace dflare::repair
