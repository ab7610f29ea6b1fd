#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dflare::repair {

/// Something that a module's forward reads besides its input: a tensor or packed int8 weight, held
/// by an attribute or by a constant of the program.
struct Slot {
  std::string name;  ///< "conv1.weight", "constant of convolution 2"
  torch::jit::IValue value;
  torch::jit::Value* input = nullptr;  ///< that stands for it in the flat graph
  bool parameter = false;
  bool read_by_layer =
      false;  ///< as weight or bias of a convolution, linear layer or normalisation
  bool running_statistics = false;
  /// Zeros and ones that the program multiplies it with at every use, as torch.nn.utils.prune
  /// leaves them without remove().
  std::optional<at::Tensor> mask;
  // Of an attribute: where it is.
  c10::intrusive_ptr<c10::ivalue::Object> owner;
  std::string attribute;

  bool tensor() const { return value.isTensor(); }
};

/// A module's forward with all calls inlined, and what it reads lifted to inputs: its inputs are
/// (self, batch, the slots' in their order).
struct FlatGraph {
  torch::jit::Module module;  ///< whose tensors the slots' values are
  std::shared_ptr<torch::jit::Graph> graph;
  std::vector<Slot> slots;
};

/// Throws ModelError if the forward takes anything but one batch.
FlatGraph flatten(torch::jit::Module module);

/// All nodes of a graph, those of inner blocks included, in their order.
std::vector<torch::jit::Node*> nodes_of(torch::jit::Graph& graph);

}  // namespace dflare::repair
