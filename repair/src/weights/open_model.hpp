#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dflare/repair_settings.hpp"
#include "weights/flat_graph.hpp"
#include "weights/kept/kept.hpp"
#include "weights/packed_weight.hpp"

namespace dflare::repair {

/// A float tensor of a model: a weight (two or more dimensions), or a bias or a normalisation's.
struct ModelTensor {
  std::string name;
  bool weight = false;
  at::Tensor value;  ///< of the file, multiplied with Slot::mask; detached
  WeightRule rule;   ///< what is kept of it
};

/// A slot of the flat graph that holds an int8 layer, and the tensors it was unpacked to.
struct PackedSlot {
  std::size_t slot;
  PackedWeight packed;
  std::size_t weight;               ///< in OpenModel::tensors
  std::optional<std::size_t> bias;  ///< likewise
};

/// A TorchScript model with what is to be kept of its weights.
struct OpenModel {
  FlatGraph flat;  ///< as the file has it
  std::vector<ModelTensor> tensors;
  std::map<std::size_t, std::size_t> tensor_of_slot;  ///< those that are no packed weights
  std::vector<PackedSlot> packed;
  std::map<std::string, int> quantised_operators;  ///< how many of each
  bool frozen = false;                             ///< weights are constants of the program
  bool unremoved_masks = false;  ///< see Slot::mask; tensors are what comes of them

  std::size_t quantised_operator_count() const;
};

/// Throws ModelError if the file cannot be read, holds nothing to train, or `kind` asks for what is
/// not there.
OpenModel open_model(const std::string& bytes, const Kind& kind, const std::string& engine);

/// What is recognised, in words; one a line.
std::string text_of(const OpenModel& model);

}  // namespace dflare::repair
