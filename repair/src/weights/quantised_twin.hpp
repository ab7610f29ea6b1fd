#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <map>
#include <memory>

#include "weights/packed_weight.hpp"

namespace dflare::repair {

/// Float weights in the place of a packed one, as values of the graph.
struct UnpackedWeight {
  const PackedWeight* packed = nullptr;
  torch::jit::Value* weight = nullptr;
  torch::jit::Value* bias = nullptr;  ///< null: none
};

/// Replaces all int8 operators of a flat graph by float ones that round to the same scales and zero
/// points, with straight-through gradients (fake quantisation: Jacob et al., CVPR 2018). `weights`
/// maps the graph's packed weights. Throws ModelError naming an operator that is not known.
void make_quantised_twin(torch::jit::Graph& graph,
                         const std::map<const torch::jit::Value*, UnpackedWeight>& weights);

}  // namespace dflare::repair
