#include "weights/open_model.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <sstream>

#include "dflare/error.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/torch_support.hpp"

namespace dflare::repair {
namespace {

torch::jit::Module parsed(const std::string& bytes) {
  std::istringstream stream(bytes);
  try {
    torch::jit::Module module = torch::jit::load(stream, at::Device(at::kCPU));
    module.eval();
    return module;
  } catch (const std::exception& failure) {
    throw ModelError(torch_message(failure));
  }
}

bool is_quantised(const std::string& kind) {
  return kind.rfind("quantized::", 0) == 0 || kind.rfind("aten::quantize_per", 0) == 0;
}

bool is_trained(const Slot& slot) {
  return slot.tensor() && !slot.running_statistics && (slot.parameter || slot.read_by_layer) &&
         slot.value.toTensor().scalar_type() == at::kFloat && slot.value.toTensor().numel() > 0;
}

class Opener {
 public:
  Opener(torch::jit::Module module, const Kind& kind) : kind_(kind) {
    model_.flat = flatten(std::move(module));
  }

  OpenModel open() {
    for (const torch::jit::Node* node : nodes_of(*model_.flat.graph)) {
      const std::string kind = node->kind().toQualString();
      if (is_quantised(kind)) ++model_.quantised_operators[kind];
    }
    bool any_weight = false;
    for (std::size_t s = 0; s < model_.flat.slots.size(); ++s) {
      const Slot& slot = model_.flat.slots[s];
      if (!slot.tensor()) {
        open_packed(s);
      } else if (is_trained(slot)) {
        open_tensor(s);
      }
    }
    for (const ModelTensor& tensor : model_.tensors) any_weight = any_weight || tensor.weight;
    if (!any_weight) {
      throw ModelError(
          "it has no weights that can be trained: no float parameters, and no constants or int8 "
          "weights of convolutions and linear layers; set kind: {approach: corrector}");
    }
    require_what_must_stay();
    return std::move(model_);
  }

 private:
  void require_what_must_stay() const {
    const auto& kinds = kept_kinds();
    for (auto it = kinds.rbegin(); it != kinds.rend(); ++it) {
      const KeptKind& kept = **it;
      const bool recognised =
          std::any_of(model_.tensors.begin(), model_.tensors.end(),
                      [&kept](const ModelTensor& tensor) { return tensor.rule.of(kept); });
      if (kind_.*kept.keep != Keep::always || recognised) continue;
      throw ModelError(fmt::format("kind: {{{}: keep}} was asked for, but {}; set it to auto",
                                   kept.name, kept.none_is_so));
    }
  }

  void open_packed(std::size_t s) {
    const Slot& slot = model_.flat.slots[s];
    PackedSlot packed{s, unpack(slot.value), model_.tensors.size(), {}};
    ModelTensor weight{slot.name, true, packed.packed.weight(), {}};
    const Grid grid = packed.packed.grid();
    weight.rule = recognise(weight.value, &grid, kind_);
    model_.tensors.push_back(weight);
    if (packed.packed.bias) {
      packed.bias = model_.tensors.size();
      model_.tensors.push_back(
          {slot.name + " bias", false, packed.packed.bias->detach().to(at::kFloat).clone(), {}});
    }
    model_.packed.push_back(std::move(packed));
  }

  void open_tensor(std::size_t s) {
    const Slot& slot = model_.flat.slots[s];
    at::Tensor value = slot.value.toTensor().detach();
    const auto [known, is_new] =
        tensor_at_.try_emplace({value.data_ptr(), value.sizes().vec()}, model_.tensors.size());
    model_.tensor_of_slot[s] = known->second;
    if (!is_new) return;  // one weight used by two layers
    if (slot.mask) {
      value = value * *slot.mask;  // what the layer multiplies with
      model_.unremoved_masks = true;
    }
    ModelTensor tensor{slot.name, value.dim() > 1, value, {}};
    if (tensor.weight) {
      if (!slot.owner) model_.frozen = true;
      tensor.rule = recognise(value, nullptr, kind_);
    }
    model_.tensors.push_back(std::move(tensor));
  }

  OpenModel model_;
  Kind kind_;
  std::map<std::pair<void*, std::vector<std::int64_t>>, std::size_t> tensor_at_;
};

/// In words what of one kind the model keeps, and in how many weights of so many; empty: nothing.
std::string kept_in_words(const OpenModel& model, const KeptKind& kind, std::size_t weights) {
  std::vector<KeptWeight> kept;
  for (const ModelTensor& tensor : model.tensors) {
    if (const KeptProperty* property = tensor.rule.of(kind))
      kept.push_back({tensor.value, *property});
  }
  return kept.empty() ? "" : "\n" + kind.words(kept, weights);
}

}  // namespace

std::size_t OpenModel::quantised_operator_count() const {
  std::size_t count = 0;
  for (const auto& [name, times] : quantised_operators) count += static_cast<std::size_t>(times);
  return count;
}

OpenModel open_model(const std::string& bytes, const Kind& kind, const std::string& engine) {
  const QuantisedEngineTurn turn(choose_quantised_engine(engine));
  return Opener(parsed(bytes), kind).open();
}

std::string text_of(const OpenModel& model) {
  std::size_t tensors = 0, weights = 0;
  for (const ModelTensor& tensor : model.tensors) {
    if (!tensor.weight) continue;
    ++tensors;
    weights += static_cast<std::size_t>(tensor.value.numel());
  }
  std::string text =
      fmt::format("{} weights in {} tensors of convolutions and linear layers{}", weights, tensors,
                  !model.packed.empty()
                      ? fmt::format(", {} of them packed for int8 kernels", model.packed.size())
                  : model.frozen ? ", constants of a frozen program"
                                 : ", float parameters");
  for (const KeptKind* kind : kept_kinds()) text += kept_in_words(model, *kind, weights);
  if (model.unremoved_masks) {
    text +=
        "\nits masks of torch.nn.utils.prune are still in the program, which multiplies with them "
        "in "
        "every evaluation: call prune.remove() on each pruned layer and export again";
  }
  if (!model.quantised_operators.empty()) {
    std::string names;
    for (const auto& [name, times] : model.quantised_operators)
      names += fmt::format("{}{} x {}", names.empty() ? "" : ", ", times, name);
    text += "\nquantised operators: " + names + "; kept";
  }
  return text;
}

}  // namespace dflare::repair
