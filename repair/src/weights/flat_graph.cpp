#include "weights/flat_graph.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

using torch::jit::IValue;
using torch::jit::Node;
using torch::jit::Value;

void collect(torch::jit::Block& block, std::vector<Node*>& nodes) {
  for (Node* node : block.nodes()) {
    nodes.push_back(node);
    for (torch::jit::Block* inner : node->blocks()) collect(*inner, nodes);
  }
}

/// What a chain of attributes that begins at the module holds, and its name.
struct Found {
  IValue value;
  std::string name;
};
std::optional<Found> look_up(const Value* value, const torch::jit::Module& module) {
  if (value == value->owningGraph()->inputs()[0]) return Found{module._ivalue(), ""};
  const Node* node = value->node();
  if (node->kind() != c10::prim::GetAttr) return std::nullopt;
  const auto owner = look_up(node->input(), module);
  if (!owner || !owner->value.isObject()) return std::nullopt;
  const std::string& attribute = node->s(c10::attr::name);
  return Found{owner->value.toObject()->getAttr(attribute),
               owner->name.empty() ? attribute : owner->name + "." + attribute};
}

bool is_packed_weight(const IValue& value) {
  return value.isObject() &&
         value.type()->repr_str().find("torch.classes.quantized.") != std::string::npos;
}

/// Which inputs of a node are weights or biases, or running statistics.
struct Reads {
  std::set<std::size_t> weights, statistics;
};
Reads reads_of(const Node* node) {
  const std::string kind = node->kind().toQualString();
  if (kind == "aten::_convolution" || kind == "aten::conv2d" || kind == "aten::conv1d" ||
      kind == "aten::conv3d" || kind == "aten::convolution" || kind == "aten::linear" ||
      kind == "aten::conv_transpose2d")
    return {{1, 2}, {}};
  if (kind == "aten::batch_norm") return {{1, 2}, {3, 4}};
  if (kind == "aten::instance_norm" || kind == "aten::group_norm" || kind == "aten::layer_norm")
    return {{kind == "aten::instance_norm" ? 1U : 2U, kind == "aten::instance_norm" ? 2U : 3U}, {}};
  if (kind == "aten::addmm") return {{0, 2}, {}};
  if (kind == "aten::matmul" || kind == "aten::mm") return {{1}, {}};
  return {};
}

bool hands_on(const Node* node) {
  const std::string kind = node->kind().toQualString();
  return kind == "aten::t" || kind == "aten::transpose" || kind == "aten::numpy_T";
}

void note_uses(const Value* value, Slot& slot) {
  for (const torch::jit::Use& use : value->uses()) {
    const Reads reads = reads_of(use.user);
    if (reads.weights.count(use.offset) > 0) slot.read_by_layer = true;
    if (reads.statistics.count(use.offset) > 0) slot.running_statistics = true;
    if (hands_on(use.user) && use.offset == 0) note_uses(use.user->output(), slot);
  }
}

const Value* before_cast(const Value* value) {
  return value->node()->kind() == c10::aten::to ? value->node()->input(0) : value;
}

std::optional<at::Tensor> mask_of(const Slot& slot, const std::vector<Slot>& slots) {
  std::optional<at::Tensor> mask;
  for (const torch::jit::Use& use : slot.input->uses()) {
    if (use.user->kind() != c10::aten::mul) return std::nullopt;
    const Value* other = before_cast(use.user->input(1 - use.offset));
    const auto found = std::find_if(slots.begin(), slots.end(),
                                    [other](const Slot& s) { return s.input == other; });
    if (found == slots.end() || !found->tensor()) return std::nullopt;
    const at::Tensor& tensor = found->value.toTensor();
    if (mask && !mask->is_same(tensor)) return std::nullopt;
    mask = tensor;
  }
  if (!mask || mask->sizes() != slot.value.toTensor().sizes() ||
      mask->ne(0).logical_and(mask->ne(1)).any().item<bool>())
    return std::nullopt;
  return mask->to(at::kFloat);
}

class Flattener {
 public:
  explicit Flattener(torch::jit::Module module) {
    flat_.module = std::move(module);
    flat_.graph = flat_.module.get_method("forward").graph()->copy();
    torch::jit::Inline(*flat_.graph);
  }

  FlatGraph flatten() {
    if (flat_.graph->inputs().size() != 2) {
      throw ModelError(fmt::format(
          "its forward takes {} inputs; expected one batch of images; export a model that does",
          flat_.graph->inputs().size() - 1));
    }
    for (Node* node : nodes_of(*flat_.graph)) {
      if (node->kind() == c10::prim::GetAttr) {
        lift_attribute(node);
      } else if (node->kind() == c10::prim::Constant && node->hasAttribute(c10::attr::value) &&
                 node->kindOf(c10::attr::value) == torch::jit::AttributeKind::t) {
        lift_constant(node);
      }
    }
    torch::jit::EliminateDeadCode(flat_.graph);
    for (Slot& slot : flat_.slots) {
      note_uses(slot.input, slot);
      if (slot.parameter && slot.tensor()) slot.mask = mask_of(slot, flat_.slots);
    }
    return std::move(flat_);
  }

 private:
  void lift_attribute(Node* node) {
    const auto found = look_up(node->output(), flat_.module);
    if (!found || (!found->value.isTensor() && !is_packed_weight(found->value))) return;
    const auto owner = look_up(node->input(), flat_.module)->value.toObject();
    const std::string& attribute = node->s(c10::attr::name);
    const auto [known, is_new] =
        attributes_.try_emplace({owner.get(), attribute}, flat_.slots.size());
    if (is_new) {
      Slot slot;
      slot.name = found->name;
      slot.value = found->value;
      slot.owner = owner;
      slot.attribute = attribute;
      slot.parameter = owner->type()->is_parameter(owner->type()->getAttributeSlot(attribute));
      add(std::move(slot), node);
    }
    node->output()->replaceAllUsesWith(flat_.slots[known->second].input);
  }

  void lift_constant(Node* node) {
    const at::Tensor tensor = node->t(c10::attr::value);
    if (!at::isFloatingType(tensor.scalar_type()) || tensor.dim() == 0) return;
    const auto [known, is_new] =
        constants_.try_emplace(tensor.unsafeGetTensorImpl(), flat_.slots.size());
    if (is_new) {
      Slot slot;
      slot.name = fmt::format("constant {}", constants_.size());
      slot.value = tensor;
      add(std::move(slot), node);
    }
    node->output()->replaceAllUsesWith(flat_.slots[known->second].input);
  }

  void add(Slot slot, const Node* node) {
    slot.input = flat_.graph->addInput();
    slot.input->setType(node->output()->type());
    flat_.slots.push_back(std::move(slot));
  }

  FlatGraph flat_;
  std::map<std::pair<c10::ivalue::Object*, std::string>, std::size_t> attributes_;
  std::map<c10::TensorImpl*, std::size_t> constants_;
};

}  // namespace

std::vector<Node*> nodes_of(torch::jit::Graph& graph) {
  std::vector<Node*> nodes;
  collect(*graph.block(), nodes);
  return nodes;
}

FlatGraph flatten(torch::jit::Module module) {
  return Flattener(std::move(module)).flatten();
}

}  // namespace dflare::repair
