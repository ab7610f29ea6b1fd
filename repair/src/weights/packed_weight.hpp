#pragma once

#include <ATen/core/ivalue.h>

#include <optional>
#include <string>
#include <vector>

#include "weights/kept/grid.hpp"

namespace dflare::repair {

/// The weight of an int8 convolution or linear layer, as LibTorch packs it for its kernels.
struct PackedWeight {
  bool convolution = false;
  at::Tensor quantised;  ///< qint8, per tensor or per output channel
  std::optional<at::Tensor> bias;
  // Of a convolution:
  std::vector<std::int64_t> stride, padding, dilation;
  std::int64_t groups = 1;

  at::Tensor weight() const;  ///< float
  /// The float weights that it can hold. Throws ModelError for another scheme than 8-bit affine.
  Grid grid() const;
  /// The same layer with other weights, which must be on the grid, packed for the quantised engine
  /// in force.
  c10::IValue packed_with(const at::Tensor& weight, const std::optional<at::Tensor>& bias) const;
};

/// Throws ModelError if this is no packed weight of a two-dimensional convolution or a linear
/// layer.
PackedWeight unpack(const c10::IValue& packed);

}  // namespace dflare::repair
