#include "repair/int8_models.hpp"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/serialization/import.h>

#include <sstream>

namespace {

c10::IValue called(const char* name, std::vector<c10::IValue> stack) {
  c10::Dispatcher::singleton().findSchemaOrThrow(name, "").callBoxed(&stack);
  return stack.at(0);
}

at::Tensor int8_weight(at::IntArrayRef shape, bool per_channel, bool pruned) {
  at::Tensor weight = at::randn(shape) * 0.3;
  if (pruned) weight = weight.masked_fill(weight.abs() < 0.16, 0);
  if (!per_channel) return at::quantize_per_tensor(weight, 0.01, 0, at::kQInt8);
  const auto channels = shape[0];
  return at::quantize_per_channel(weight, at::rand({channels}).to(at::kDouble) * 0.01 + 0.005,
                                  at::zeros({channels}, at::kLong), 0, at::kQInt8);
}

}  // namespace

Int8Model::Int8Model(bool pruned)
    : module_("Int8"), graph_(std::make_shared<torch::jit::Graph>()), pruned_(pruned) {
  self_ = graph_->addInput("self");
  self_->setType(module_._ivalue()->type());
  input_ = graph_->addInput("x");
}

Int8Model::Value* Int8Model::attribute(const c10::IValue& packed) {
  const std::string name = "packed" + std::to_string(attributes_++);
  module_.register_attribute(name, packed.type(), packed);
  return graph_->insertGetAttr(self_, name);
}

Int8Model::Value* Int8Model::packed_convolution(int in, int out, int side, bool per_channel,
                                                bool bias, int padding) {
  using Numbers = std::vector<std::int64_t>;
  return attribute(
      called("quantized::conv2d_prepack",
             {int8_weight({out, in, side, side}, per_channel, pruned_),
              bias ? c10::IValue(at::randn({out}) * 0.1) : c10::IValue(), Numbers{1, 1},
              Numbers{padding, padding}, Numbers{1, 1}, std::int64_t{1}}));
}

Int8Model::Value* Int8Model::packed_linear(int in, int out, bool per_channel, bool bias) {
  return attribute(called("quantized::linear_prepack",
                          {int8_weight({out, in}, per_channel, pruned_),
                           bias ? c10::IValue(at::randn({out}) * 0.1) : c10::IValue()}));
}

Int8Model::Value* Int8Model::call(const char* op, std::vector<torch::jit::NamedValue> arguments) {
  return graph_->insert(c10::Symbol::fromQualString(op), arguments);
}

Int8Model::Value* Int8Model::quantised(Value* value, double scale, std::int64_t zero_point) {
  return call("aten::quantize_per_tensor",
              {value, scale, zero_point, static_cast<std::int64_t>(at::kQUInt8)});
}

Int8Model::Value* Int8Model::list(std::vector<Value*> tensors) {
  return graph_->insertNode(graph_->createList(c10::TensorType::get(), tensors))->output();
}

torch::jit::Module Int8Model::finish(Value* value) {
  graph_->registerOutput(value);
  const c10::QualifiedName name(*module_.type()->name(), "forward");
  module_.type()->addMethod(module_._ivalue()->compilation_unit()->create_function(name, graph_));
  return module_;
}

std::string bytes_of(const torch::jit::Module& module) {
  std::ostringstream bytes;
  module.save(bytes);
  return bytes.str();
}

torch::jit::Module module_of(const std::string& bytes) {
  std::istringstream stream(bytes);
  auto module = torch::jit::load(stream);
  module.eval();
  return module;
}

std::string static_int8_model(bool per_channel, bool pruned) {
  at::manual_seed(1);
  Int8Model m(pruned);
  auto* x = m.quantised(m.input(), 1 / 127.0, 0);
  auto* first =
      m.call("quantized::conv2d_relu", {x, m.packed_convolution(1, 4, 3, per_channel), 0.02, 0});
  auto* branch = m.call("quantized::conv2d",
                        {first, m.packed_convolution(4, 4, 3, per_channel, false), 0.03, 64});
  auto* sum = m.call("quantized::add_relu", {branch, first, 0.03, 0});
  auto* plain = m.call("quantized::add", {sum, first, 0.04, 0});
  auto* both = m.call("quantized::cat", {m.list({plain, first}), 1, 0.04, 0});
  auto* largest = m.call("aten::max_pool2d", {both, std::vector<std::int64_t>{2, 2}});
  auto* pooled = m.call("aten::adaptive_avg_pool2d", {largest, std::vector<std::int64_t>{2, 2}});
  auto* flat = m.call("aten::flatten", {pooled, 1, -1});
  auto* hidden =
      m.call("quantized::linear_relu", {flat, m.packed_linear(32, 8, per_channel), 0.03, 0});
  auto* scores =
      m.call("quantized::linear", {hidden, m.packed_linear(8, 3, per_channel), 0.05, 64});
  return bytes_of(m.finish(m.call("aten::dequantize", {scores})));
}

std::string dynamic_int8_model() {
  at::manual_seed(1);
  Int8Model m;
  auto* flat = m.call("aten::flatten", {m.input(), 1, -1});
  auto* hidden = m.call("quantized::linear_dynamic", {flat, m.packed_linear(64, 8, false), false});
  auto* relu = m.call("aten::relu", {hidden});
  return bytes_of(
      m.finish(m.call("quantized::linear_dynamic", {relu, m.packed_linear(8, 3, false), false})));
}
