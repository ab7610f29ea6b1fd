#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <string>
#include <vector>

/// Small TorchScript models with int8 operators, made by hand: what Python's quantisation exports,
/// without Python.
class Int8Model {
 public:
  using Value = torch::jit::Value;

  /// `pruned`: two fifths of the weights are zero.
  explicit Int8Model(bool pruned = false);

  /// Packs a random weight as an attribute and returns its value in the graph.
  Value* packed_convolution(int in, int out, int side, bool per_channel, bool bias = true,
                            int padding = 1);
  Value* packed_linear(int in, int out, bool per_channel, bool bias = true);

  Value* input() const { return input_; }
  Value* call(const char* op, std::vector<torch::jit::NamedValue> arguments);
  Value* list(std::vector<Value*> tensors);
  Value* quantised(Value* value, double scale, std::int64_t zero_point);

  /// The model that returns `value`.
  torch::jit::Module finish(Value* value);

 private:
  Value* attribute(const c10::IValue& packed);

  torch::jit::Module module_;
  std::shared_ptr<torch::jit::Graph> graph_;
  Value* self_;
  Value* input_;
  bool pruned_;
  int attributes_ = 0;
};

std::string bytes_of(const torch::jit::Module& module);
torch::jit::Module module_of(const std::string& bytes);

/// Grey images of 8 x 8, 3 classes: a convolution (with relu), an addition of two branches (with
/// relu), a concatenation, average pooling and a linear layer, all int8.
std::string static_int8_model(bool per_channel, bool pruned = false);
/// A float convolution and a dynamically quantised linear layer.
std::string dynamic_int8_model();
