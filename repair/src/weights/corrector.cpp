#include "weights/corrector.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "dflare/error.hpp"
#include "dflare/random.hpp"
#include "model/torchscript/file.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/torch_support.hpp"
#include "weights/archive.hpp"

namespace dflare::repair {
namespace {

at::Tensor normal_numbers(std::int64_t rows, std::int64_t columns, double deviation,
                          std::uint64_t key) {
  Random random(key);
  at::Tensor numbers = at::empty({rows, columns}, at::kFloat);
  auto* values = numbers.data_ptr<float>();
  for (std::int64_t i = 0; i < rows * columns; ++i)
    values[i] = static_cast<float>(deviation * random.normal());
  return numbers;
}

constexpr const char* of_logits = R"(
def forward(self, x):
    s = self.model.forward(x)
    if s.is_quantized:
        s = torch.dequantize(s)
    s = torch.log_softmax(s, 1)
    hidden = torch.relu(torch.linear(s, self.weight1, self.bias1))
    return s + torch.linear(hidden, self.weight2, self.bias2)
)";
constexpr const char* of_probabilities = R"(
def forward(self, x):
    s = self.model.forward(x)
    if s.is_quantized:
        s = torch.dequantize(s)
    s = torch.log(torch.clamp(s, 1e-12))
    hidden = torch.relu(torch.linear(s, self.weight1, self.bias1))
    return torch.softmax(s + torch.linear(hidden, self.weight2, self.bias2), 1)
)";

class Corrector : public Trainable {
 public:
  Corrector(const std::string& bytes, Output output, int classes, const std::string& engine,
            std::uint64_t rng_seed, const std::string& why)
      : output_(output), classes_(classes), engine_(choose_quantised_engine(engine)), why_(why) {
    const std::string wrong_file = why_no_torchscript(bytes);
    if (!wrong_file.empty()) throw ModelError(wrong_file);
    const QuantisedEngineTurn turn(engine_);
    std::istringstream stream(bytes);
    try {
      debug_information_ = has_debug_information(bytes);
      model_ = torch::jit::load(stream, at::Device(at::kCPU));
    } catch (const std::exception& failure) {
      throw ModelError(torch_message(failure));
    }
    model_.eval();
    const int hidden = std::max(32, 4 * classes);
    weights_ = {normal_numbers(hidden, classes, std::sqrt(2.0 / classes),
                               stream_key(rng_seed, "corrector")),
                at::zeros({hidden}), at::zeros({classes, hidden}), at::zeros({classes})};
    for (at::Tensor& weight : weights_) weight.set_requires_grad(true);
  }

  at::Tensor forward(const at::Tensor& batch, bool) override {
    const at::Tensor s = scores(batch);
    const at::Tensor hidden = at::linear(s, weights_[0], weights_[1]).relu();
    const at::Tensor corrected = s + at::linear(hidden, weights_[2], weights_[3]);
    return output_ == Output::logits ? corrected : corrected.softmax(1);
  }

  std::vector<at::Tensor> parameters() const override { return weights_; }
  bool corrects_scores() const override { return true; }

  std::string file() override {
    const QuantisedEngineTurn turn(engine_);
    torch::jit::Module corrected("Corrected");
    corrected.register_module("model", model_);
    const char* names[] = {"weight1", "bias1", "weight2", "bias2"};
    for (std::size_t i = 0; i < weights_.size(); ++i)
      corrected.register_parameter(names[i], weights_[i].detach().clone(), false);
    corrected.define(output_ == Output::logits ? of_logits : of_probabilities);
    std::ostringstream file;
    corrected.save(file);
    return debug_information_ ? file.str() : without_debug_information(file.str());
  }

  std::string text() const override {
    return fmt::format(
        "a corrector with {} hidden units on top of its scores; the model itself stays as it is{}",
        weights_[0].size(0), why_.empty() ? "" : ", because " + why_);
  }

 private:
  at::Tensor scores(const at::Tensor& batch) {
    const at::NoGradGuard no_gradients;
    const at::Tensor answers = answers_to(batch);
    return output_ == Output::logits ? answers.log_softmax(1) : answers.clamp_min(1e-12).log();
  }

  at::Tensor answers_to(const at::Tensor& batch) {
    const QuantisedEngineTurn turn(engine_);
    // As dflare::load() runs the file.
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    torch::jit::IValue answer;
    try {
      answer = model_.forward({batch.clone()});  // which the model may change in place
    } catch (const std::exception& failure) {
      throw ModelError(torch_message(failure));
    }
    if (!answer.isTensor()) {
      throw ModelError(
          fmt::format("answered a {}, expected one tensor of class scores", answer.tagKind()));
    }
    const at::Tensor scores =
        require_scores(answer.toTensor(), static_cast<std::size_t>(batch.size(0))).to(at::kFloat);
    if (scores.size(1) != classes_) {
      throw ModelError(
          fmt::format("answered scores of {} classes, expected {}", scores.size(1), classes_));
    }
    if (!scores.isfinite().all().item<bool>()) {
      throw ModelError(
          "answered NaN or infinity to an image made for training; a corrector needs finite "
          "scores");
    }
    return scores;
  }

  Output output_;
  int classes_;
  bool debug_information_ = false;
  std::string engine_, why_;
  torch::jit::Module model_;
  std::vector<at::Tensor> weights_;
};

}  // namespace

std::unique_ptr<Trainable> make_corrector(const std::string& bytes, Output output, int classes,
                                          const std::string& engine, std::uint64_t rng_seed,
                                          const std::string& why) {
  return std::make_unique<Corrector>(bytes, output, classes, engine, rng_seed, why);
}

}  // namespace dflare::repair
