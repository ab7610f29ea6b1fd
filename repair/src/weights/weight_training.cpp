#include "weights/weight_training.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include "dflare/error.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/saved.hpp"
#include "model/torchscript/torch_support.hpp"
#include "weights/archive.hpp"
#include "weights/facts.hpp"
#include "weights/open_model.hpp"
#include "weights/quantised_twin.hpp"

namespace dflare::repair {
namespace {

using torch::jit::IValue;
using torch::jit::Value;

class WeightTraining : public Trainable {
 public:
  WeightTraining(OpenModel model, BatchNorm batch_norm, const std::string& engine,
                 bool debug_information)
      : model_(std::move(model)),
        engine_(engine),
        text_(text_of(model_)),
        debug_information_(debug_information) {
    for (const ModelTensor& tensor : model_.tensors)
      shadows_.push_back(tensor.value.clone().set_requires_grad(true));
    for (const Slot& slot : model_.flat.slots) fixed_.push_back(slot.value);
    if (batch_norm == BatchNorm::train) own_running_statistics();
    add_unpacked_weights();
    if (batch_norm == BatchNorm::train) let_training_choose();
    torch::jit::EliminateDeadCode(model_.flat.graph);
    code_ = torch::jit::Code(model_.flat.graph, "twin");
  }

  at::Tensor forward(const at::Tensor& batch, bool training) override {
    std::vector<at::Tensor> obeyed;
    for (std::size_t i = 0; i < shadows_.size(); ++i)
      obeyed.push_back(model_.tensors[i].rule.obeyed(shadows_[i]));
    torch::jit::Stack stack;
    stack.emplace_back(model_.flat.module._ivalue());
    stack.emplace_back(batch);
    for (std::size_t s = 0; s < fixed_.size(); ++s) {
      const auto trained = model_.tensor_of_slot.find(s);
      stack.push_back(trained == model_.tensor_of_slot.end() ? fixed_[s]
                                                             : IValue(obeyed[trained->second]));
    }
    for (const PackedSlot& packed : model_.packed) {
      stack.emplace_back(obeyed[packed.weight]);
      if (packed.bias) stack.emplace_back(obeyed[*packed.bias]);
    }
    if (training_ != nullptr) stack.emplace_back(training);
    try {
      torch::jit::InterpreterState(code_).run(stack);
    } catch (const std::exception& failure) {
      throw ModelError(
          fmt::format("{}: it cannot be evaluated with its weights taken out: {}; set "
                      "kind: {{approach: corrector}}",
                      name, torch_message(failure)));
    }
    if (stack.size() != 1 || !stack[0].isTensor()) {
      throw ModelError(name +
                       ": its forward answers something other than one tensor of class scores");
    }
    return stack[0].toTensor();
  }

  std::vector<at::Tensor> parameters() const override { return shadows_; }
  std::vector<at::Tensor> buffers() const override { return statistics_; }
  Approach approach() const override { return Approach::weights; }
  std::string text() const override { return text_; }

  std::string file() override {
    const at::NoGradGuard no_gradients;
    const QuantisedEngineTurn turn(engine_);
    const auto now = [this](std::size_t i) {
      return model_.tensors[i].rule.obeyed(shadows_[i]).detach();
    };
    for (const auto& [slot, tensor] : model_.tensor_of_slot)
      model_.flat.slots[slot].value.toTensor().copy_(now(tensor));
    for (std::size_t i = 0; i < statistics_.size(); ++i)
      model_.flat.slots[statistics_slots_[i]].value.toTensor().copy_(statistics_[i]);
    for (const PackedSlot& packed : model_.packed) {
      const Slot& slot = model_.flat.slots[packed.slot];
      const auto bias = packed.bias ? std::optional<at::Tensor>(now(*packed.bias)) : std::nullopt;
      slot.owner->setAttr(slot.attribute, packed.packed.packed_with(now(packed.weight), bias));
    }
    const std::string bytes = saved(model_.flat.module);
    return debug_information_ ? bytes : without_debug_information(bytes);
  }

 private:
  void own_running_statistics() {
    for (std::size_t s = 0; s < model_.flat.slots.size(); ++s) {
      const Slot& slot = model_.flat.slots[s];
      if (!slot.running_statistics || !slot.tensor()) continue;
      statistics_.push_back(slot.value.toTensor().detach().clone());
      statistics_slots_.push_back(s);
      fixed_[s] = statistics_.back();
    }
  }

  void add_unpacked_weights() {
    torch::jit::Graph& graph = *model_.flat.graph;
    std::map<const Value*, UnpackedWeight> unpacked;
    for (const PackedSlot& packed : model_.packed) {
      UnpackedWeight weight;
      weight.packed = &packed.packed;
      weight.weight = graph.addInput();
      if (packed.bias) weight.bias = graph.addInput();
      unpacked[model_.flat.slots[packed.slot].input] = weight;
    }
    if (!model_.quantised_operators.empty()) make_quantised_twin(graph, unpacked);
  }

  /// The normalisations' `training` becomes an input of the graph.
  void let_training_choose() {
    constexpr std::size_t training_input = 5;
    torch::jit::Graph& graph = *model_.flat.graph;
    training_ = graph.addInput("training");
    training_->setType(c10::BoolType::get());
    for (torch::jit::Node* node : nodes_of(graph)) {
      if (node->kind() == c10::aten::batch_norm) node->replaceInput(training_input, training_);
    }
  }

  OpenModel model_;
  std::string engine_, text_;
  bool debug_information_;
  std::vector<at::Tensor> shadows_, statistics_;
  std::vector<std::size_t> statistics_slots_;
  std::vector<IValue> fixed_;  ///< one a slot; for those that are not trained
  Value* training_ = nullptr;
  torch::jit::Code code_;
};

}  // namespace

std::unique_ptr<Trainable> open_weights(const std::string& bytes, const Kind& kind,
                                        BatchNorm batch_norm, const std::string& engine) {
  const std::string chosen = choose_quantised_engine(engine);
  return std::make_unique<WeightTraining>(open_model(bytes, kind, chosen), batch_norm, chosen,
                                          has_debug_information(bytes));
}

const TrainingApproach weight_training = {Approach::weights, true,
                                          [](const TrainableFile& file, const std::string&) {
                                            return open_weights(file.bytes, file.kind,
                                                                file.batch_norm, file.engine);
                                          },
                                          lost_compression, ""};

}  // namespace dflare::repair
