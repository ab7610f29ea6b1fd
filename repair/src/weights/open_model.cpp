#include "weights/open_model.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>

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
    require(kind_.zeros, any_mask_, "zeros: keep", "no weight of it was pruned: none is zero");
    require(kind_.grid, any_grid_, "grid: keep", "none of its weight tensors is on a k-bit grid");
    return std::move(model_);
  }

 private:
  static void require(Keep keep, bool found, const char* setting, const char* why) {
    if (keep == Keep::always && !found) {
      throw ModelError(
          fmt::format("kind: {{{}}} was asked for, but {}; set it to auto", setting, why));
    }
  }

  void open_packed(std::size_t s) {
    const Slot& slot = model_.flat.slots[s];
    PackedSlot packed{s, unpack(slot.value), model_.tensors.size(), {}};
    ModelTensor weight{slot.name, true, packed.packed.weight(), {}};
    weight.rule.grid = packed.packed.grid();
    any_grid_ = true;
    add_mask(weight);
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
      if (kind_.grid != Keep::never) tensor.rule.grid = find_grid(value);
      any_grid_ = any_grid_ || tensor.rule.grid;
      add_mask(tensor);
    }
    model_.tensors.push_back(std::move(tensor));
  }

  void add_mask(ModelTensor& weight) {
    const bool zeros = weight.value.eq(0).any().item<bool>();
    if (kind_.zeros == Keep::never || !zeros) return;
    if (kind_.zeros == Keep::automatic && !is_pruned(weight.value, weight.rule.grid)) return;
    weight.rule.mask = weight.value.ne(0).to(at::kFloat);
    any_mask_ = true;
  }

  OpenModel model_;
  Kind kind_;
  std::map<std::pair<void*, std::vector<std::int64_t>>, std::size_t> tensor_at_;
  bool any_mask_ = false, any_grid_ = false;
};

struct Tally {
  std::size_t tensors = 0, weights = 0, zeros = 0, masked = 0, kept_zeros = 0, per_tensor = 0,
              per_channel = 0;
  std::map<int, int> bits;
};

Tally tally_of(const OpenModel& model) {
  Tally tally;
  for (const ModelTensor& tensor : model.tensors) {
    if (!tensor.weight) continue;
    ++tally.tensors;
    const auto weights = static_cast<std::size_t>(tensor.value.numel());
    const auto zeros =
        weights - static_cast<std::size_t>(at::count_nonzero(tensor.value).item<std::int64_t>());
    tally.weights += weights;
    tally.zeros += zeros;
    if (tensor.rule.mask) {
      ++tally.masked;
      tally.kept_zeros += zeros;
    }
    if (tensor.rule.grid) {
      ++(tensor.rule.grid->per_channel() ? tally.per_channel : tally.per_tensor);
      ++tally.bits[tensor.rule.grid->bits()];
    }
  }
  return tally;
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
  const Tally tally = tally_of(model);
  std::string text = fmt::format(
      "{} weights in {} tensors of convolutions and linear layers{}", tally.weights, tally.tensors,
      !model.packed.empty()
          ? fmt::format(", {} of them packed for int8 kernels", model.packed.size())
      : model.frozen ? ", constants of a frozen program"
                     : ", float parameters");
  if (tally.per_tensor + tally.per_channel > 0) {
    std::string bits;
    for (const auto& [b, tensors] : tally.bits)
      bits += fmt::format("{}{} bits ({} tensors)", bits.empty() ? "" : ", ", b, tensors);
    text += fmt::format("\non a grid of {}: one scale a tensor in {}, one a channel in {}; kept",
                        bits, tally.per_tensor, tally.per_channel);
  }
  if (tally.masked > 0) {
    text += fmt::format(
        "\npruned: {} of the weights are zero ({:.1f} %), in {} tensors; kept", tally.kept_zeros,
        100.0 * static_cast<double>(tally.kept_zeros) / static_cast<double>(tally.weights),
        tally.masked);
  }
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
