#include "weights/quantised_twin.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "dflare/error.hpp"
#include "weights/flat_graph.hpp"

namespace dflare::repair {
namespace {

using torch::jit::Node;
using torch::jit::Value;

/// How the values of a quantised tensor are rounded; null where an operator rounds as its input.
struct Rounding {
  Value* scale = nullptr;
  Value* zero_point = nullptr;
  std::int64_t low = 0, high = 255;
};

// They choose or move values, and make none that the input's grid lacks.
const std::set<std::string> keep_values = {
    "aten::relu",       "aten::relu_",        "aten::max_pool2d", "aten::flatten",
    "aten::view",       "aten::reshape",      "aten::permute",    "aten::transpose",
    "aten::contiguous", "aten::slice",        "aten::select",     "aten::dropout",
    "aten::dropout_",   "aten::squeeze",      "aten::unsqueeze",  "aten::pad",
    "aten::detach",     "aten::chunk",        "aten::clone",      "aten::constant_pad_nd",
    "aten::hardtanh",   "aten::hardtanh_",    "aten::relu6",      "aten::relu6_",
    "aten::clamp",      "aten::to",           "aten::alias",      "aten::max_pool1d",
    "prim::ListUnpack", "prim::ListConstruct"};
// They make values in between, rounded to the input's grid.
const std::set<std::string> round_as_input = {"aten::avg_pool2d", "aten::adaptive_avg_pool2d",
                                              "aten::mean", "aten::upsample_nearest2d",
                                              "aten::upsample_bilinear2d"};
// They ask about a tensor.
const std::set<std::string> ask = {"aten::size",        "aten::dim",         "aten::len",
                                   "aten::numel",       "prim::NumToTensor", "aten::q_scale",
                                   "aten::q_zero_point"};

class TwinMaker {
 public:
  TwinMaker(torch::jit::Graph& graph, const std::map<const Value*, UnpackedWeight>& weights)
      : graph_(graph), weights_(weights) {}

  void make() {
    for (Node* node : nodes_of(graph_)) {
      const torch::jit::WithInsertPoint before(node);
      rewrite(node, node->kind().toQualString());
    }
    for (Node* node : replaced_) node->removeAllInputs();
    for (Node* node : replaced_) node->destroy();
  }

 private:
  Value* insert(const char* name, std::vector<torch::jit::NamedValue> arguments) {
    return graph_.insert(c10::Symbol::fromQualString(name), arguments);
  }

  void replace(Node* node, Value* by) {
    by->setType(node->output()->type());
    node->output()->replaceAllUsesWith(by);
    replaced_.push_back(node);
  }

  void replace_rounded(Node* node, Value* by, const Rounding& rounding) {
    Value* rounded = round(by, rounding);
    replace(node, rounded);
    rounding_[rounded] = rounding;
  }

  Value* round(Value* value, const Rounding& r) {
    return insert("aten::fake_quantize_per_tensor_affine",
                  {value, r.scale, r.zero_point, r.low, r.high});
  }

  /// Scale and zero point may be tensors of the module.
  Rounding rounding(Value* scale, Value* zero_point) {
    Rounding r;
    r.scale = is_tensor(scale) ? insert("aten::Float", {scale}) : scale;
    r.zero_point = is_tensor(zero_point) ? insert("aten::Int", {zero_point}) : zero_point;
    return r;
  }

  static bool is_tensor(const Value* value) {
    return value->type()->isSubtypeOf(*c10::TensorType::get());
  }

  const Rounding* rounding_of(const Value* value) const {
    const auto found = rounding_.find(value);
    return found == rounding_.end() ? nullptr : &found->second;
  }

  const Rounding* rounding_of_inputs(const Node* node) const {
    for (const Value* input : node->inputs()) {
      if (const Rounding* found = rounding_of(input)) return found;
    }
    return nullptr;
  }

  const UnpackedWeight& weight_of(const Node* node, const Value* packed) const {
    const auto found = weights_.find(packed);
    if (found == weights_.end()) throw not_known(node, "reads a weight that is no attribute of it");
    return found->second;
  }

  static ModelError not_known(const Node* node, const std::string& why) {
    return ModelError(fmt::format(
        "its int8 operator {} {}; set kind: {{approach: corrector}}, which leaves its weights as "
        "they are, or export it without that operator",
        node->kind().toQualString(), why));
  }

  void rewrite(Node* node, const std::string& kind) {
    if (kind == "aten::quantize_per_tensor") return quantise(node);
    if (kind == "aten::dequantize") return replace(node, node->input(0));
    if (kind.rfind("quantized::", 0) == 0) return rewrite_quantised(node, kind.substr(11));
    const Rounding* found = rounding_of_inputs(node);
    if (found == nullptr || ask.count(kind) > 0) return;
    const Rounding rounding = *found;
    if (keep_values.count(kind) > 0) {
      for (Value* output : node->outputs()) rounding_[output] = rounding;
    } else if (round_as_input.count(kind) > 0) {
      round_output(node, rounding);
    } else if (kind == "aten::cat") {
      round_output(node, rounding);
    } else {
      throw not_known(node, "on int8 tensors is not known to dflare");
    }
  }

  void round_output(Node* node, const Rounding& rounding) {
    const torch::jit::WithInsertPoint after(node->next());
    Value* output = node->output();
    Value* rounded = round(output, rounding);
    rounded->setType(output->type());
    output->replaceAllUsesAfterNodeWith(rounded->node(), rounded);
    rounding_[rounded] = rounding;
  }

  void quantise(Node* node) {
    Rounding r = rounding(node->input(1), node->input(2));
    const auto type = torch::jit::toIValue(node->input(3));
    if (!type || !type->isInt()) throw not_known(node, "rounds to a type that is no constant");
    const auto scalar = static_cast<c10::ScalarType>(type->toInt());
    if (scalar == c10::ScalarType::QInt8) {
      r.low = -128;
      r.high = 127;
    } else if (scalar != c10::ScalarType::QUInt8) {
      throw not_known(node, fmt::format("rounds to {}; expected 8 bits", c10::toString(scalar)));
    }
    replace_rounded(node, node->input(0), r);
  }

  Value* convolution(const Node* node) {
    const UnpackedWeight& w = weight_of(node, node->input(1));
    return insert("aten::conv2d", {node->input(0), w.weight, bias(w), w.packed->stride,
                                   w.packed->padding, w.packed->dilation, w.packed->groups});
  }

  Value* linear(const Node* node, Value* input) {
    const UnpackedWeight& w = weight_of(node, node->input(1));
    return insert("aten::linear", {input, w.weight, bias(w)});
  }

  torch::jit::NamedValue bias(const UnpackedWeight& w) {
    if (w.bias != nullptr) return w.bias;
    return graph_.insertConstant(c10::IValue());
  }

  /// What a dynamically quantised layer makes of its input: 8 bits between the batch's extremes and
  /// 0.
  Value* rounded_dynamically(Value* input) {
    Value* low = insert("aten::clamp_max", {insert("aten::min", {input}), 0.0});
    Value* high = insert("aten::clamp_min", {insert("aten::max", {input}), 0.0});
    Value* step = insert("aten::clamp_min",
                         {insert("aten::div", {insert("aten::sub", {high, low}), 255.0}), 1e-8});
    Rounding r;
    r.scale = insert("aten::Float", {step});
    r.zero_point =
        insert("aten::Int",
               {insert("aten::round", {insert("aten::neg", {insert("aten::div", {low, step})})})});
    return round(input, r);
  }

  void rewrite_quantised(Node* node, const std::string& kind) {
    const auto relu_if = [&](Value* value) {
      return kind.find("relu") == std::string::npos ? value : insert("aten::relu", {value});
    };
    if (kind == "conv2d" || kind == "conv2d_relu") {
      Value* result = relu_if(convolution(node));
      replace_rounded(node, result, rounding(node->input(2), node->input(3)));
    } else if (kind == "linear" || kind == "linear_relu") {
      Value* result = relu_if(linear(node, node->input(0)));
      replace_rounded(node, result, rounding(node->input(2), node->input(3)));
    } else if (kind == "linear_dynamic" || kind == "linear_relu_dynamic") {
      replace(node, relu_if(linear(node, rounded_dynamically(node->input(0)))));
    } else if (kind == "add" || kind == "add_relu" || kind == "mul" || kind == "mul_relu") {
      const bool adds = kind[0] == 'a';
      Value* result = adds ? insert("aten::add", {node->input(0), node->input(1)})
                           : insert("aten::mul", {node->input(0), node->input(1)});
      replace_rounded(node, relu_if(result), rounding(node->input(2), node->input(3)));
    } else if (kind == "cat" || kind == "cat_relu") {
      Value* result = relu_if(insert("aten::cat", {node->input(0), node->input(1)}));
      replace_rounded(node, result, cat_rounding(node));
    } else if (kind == "hardswish") {
      replace_rounded(node, insert("aten::hardswish", {node->input(0)}),
                      rounding(node->input(1), node->input(2)));
    } else {
      throw not_known(node, "is not known to dflare");
    }
  }

  Rounding cat_rounding(const Node* node) {
    if (node->inputs().size() < 4 || node->input(2)->type()->kind() == c10::TypeKind::NoneType) {
      const Rounding* first = rounding_of_inputs(node->input(0)->node());
      if (first == nullptr) throw not_known(node, "has no scale, and its inputs have none");
      return *first;
    }
    return rounding(node->input(2), node->input(3));
  }

  torch::jit::Graph& graph_;
  const std::map<const Value*, UnpackedWeight>& weights_;
  std::unordered_map<const Value*, Rounding> rounding_;
  std::vector<Node*> replaced_;
};

}  // namespace

void make_quantised_twin(torch::jit::Graph& graph,
                         const std::map<const Value*, UnpackedWeight>& weights) {
  TwinMaker(graph, weights).make();
}

}  // namespace dflare::repair
