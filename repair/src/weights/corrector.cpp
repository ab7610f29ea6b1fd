#include "weights/corrector.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"
#include "dflare/random.hpp"
#include "model/torchscript/file.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/saved.hpp"
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

constexpr double least = 1e-12, most_sigmoid = 0.9999999;

/// How scores become what the corrector sees, and how what it says becomes scores of the same kind:
/// both as a program and as tensors.
struct Scale {
  const char *to, *back;
};
Scale scale_of(Output output) {
  switch (output) {
    case Output::probabilities:
      return {"torch.log(torch.clamp(s, 1e-12))", "torch.softmax(s, 1)"};
    case Output::sigmoid:
      return {"torch.log(torch.clamp(s, 1e-12)) - torch.log1p(-torch.clamp(s, 0.0, 0.9999999))",
              "torch.sigmoid(s)"};
    case Output::logits:
    case Output::automatic:
      break;
  }
  return {"torch.log_softmax(s, 1)", "s"};
}

at::Tensor to_corrector(const at::Tensor& answers, Output output) {
  if (output == Output::probabilities) return answers.clamp_min(least).log();
  if (output == Output::sigmoid)
    return answers.clamp_min(least).log() - (-answers.clamp(0, most_sigmoid)).log1p();
  return answers.log_softmax(1);
}

at::Tensor to_answers(const at::Tensor& corrected, Output output) {
  if (output == Output::probabilities) return corrected.softmax(1);
  if (output == Output::sigmoid) return corrected.sigmoid();
  return corrected;
}

std::string program_of(Output output) {
  return fmt::format(R"(
def forward(self, x):
    s = self.model.forward(x)
    if s.is_quantized:
        s = torch.dequantize(s)
    s = {}
    hidden = torch.relu(torch.linear(s, self.weight1, self.bias1))
    s = s + torch.linear(hidden, self.weight2, self.bias2)
    return {}
)",
                     scale_of(output).to, scale_of(output).back);
}

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
    return to_answers(corrected, output_);
  }

  std::vector<at::Tensor> parameters() const override { return weights_; }
  Approach approach() const override { return Approach::corrector; }

  std::string file() override {
    const QuantisedEngineTurn turn(engine_);
    torch::jit::Module corrected("Corrected");
    corrected.register_module("model", model_);
    const char* names[] = {"weight1", "bias1", "weight2", "bias2"};
    for (std::size_t i = 0; i < weights_.size(); ++i)
      corrected.register_parameter(names[i], weights_[i].detach().clone(), false);
    corrected.define(program_of(output_));
    const std::string file = saved(corrected);
    return debug_information_ ? file : without_debug_information(file);
  }

  std::string text() const override {
    return fmt::format(
        "a corrector with {} hidden units on top of its scores; the model itself stays as it is{}",
        weights_[0].size(0), why_.empty() ? "" : ", because " + why_);
  }

 private:
  at::Tensor scores(const at::Tensor& batch) {
    const at::NoGradGuard no_gradients;
    return to_corrector(answers_to(batch), output_);
  }

  at::Tensor answers_to(const at::Tensor& batch) {
    const QuantisedEngineTurn turn(engine_);
    // As dflare::load() runs the file.
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    torch::jit::IValue answer;
    try {
      answer = model_.forward({batch.clone()});  // which the model may change in place
    } catch (const std::exception& failure) {
      throw ModelError(fmt::format("{}: {}", name, torch_message(failure)));
    }
    if (!answer.isTensor()) {
      throw ModelError(fmt::format("{}: answered a {}, expected one tensor of class scores", name,
                                   answer.tagKind()));
    }
    const at::Tensor scores =
        require_scores(answer.toTensor(), static_cast<std::size_t>(batch.size(0))).to(at::kFloat);
    if (scores.size(1) != classes_) {
      throw ModelError(fmt::format("{}: answered scores of {} classes, expected {}", name,
                                   scores.size(1), classes_));
    }
    if (!scores.isfinite().all().item<bool>()) {
      throw ModelError(name +
                       ": answered NaN or infinity to an image made for training; a corrector "
                       "needs finite scores");
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

const TrainingApproach score_correction = {
    Approach::corrector, false,
    [](const TrainableFile& file, const std::string& why) {
      return make_corrector(file.bytes, file.output, file.classes, file.engine, file.rng_seed, why);
    },
    // The model is in the file as it was.
    [](const std::string&, const std::string&, const Kind&, const std::string&) {
      return std::string();
    },
    "The model's own weights are as they were; a corrector on top of its scores was trained, "
    "which sees the scores alone and can repair only what they show."};

}  // namespace dflare::repair
