#include "training/trainer.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/beside.hpp"

namespace dflare::repair {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr int batches_a_round = 1 << 20;  // numbers of other rounds' batches are others

std::unique_ptr<torch::optim::Optimizer> optimiser_of(const Trainable& model,
                                                      const Training& training, double rate) {
  if (training.optimiser == Optimiser::sgd) {
    return std::make_unique<torch::optim::SGD>(model.parameters(),
                                               torch::optim::SGDOptions(rate)
                                                   .momentum(training.momentum)
                                                   .weight_decay(training.weight_decay));
  }
  return std::make_unique<torch::optim::Adam>(
      model.parameters(), torch::optim::AdamOptions(rate).weight_decay(training.weight_decay));
}

double falling(double learning_rate, int step, int steps) {
  return learning_rate * 0.5 * (1 + std::cos(pi * step / steps));
}

void go_back(const at::Tensor& loss, const std::string& model) {
  std::string why = "its scores do not depend on its weights in a way that has gradients";
  if (loss.requires_grad()) {
    try {
      return loss.backward();
    } catch (const std::exception& failure) {
      why = torch_message(failure);
      while (!why.empty() && why.back() == '.') why.pop_back();
    }
  }
  throw ModelError(fmt::format(
      "{}: its weights cannot be trained: {}; set kind: {{approach: corrector}}", model, why));
}

}  // namespace

double train_round(Trainable& model, Teacher& teacher, const TrainingImages& images,
                   const Training& training, double learning_rate, int round, int steps,
                   const OnStep& on_step, const StopSignal& stop) {
  use_one_thread();
  const auto make = [&](int step) {
    return teacher.teach(images.batch(round * batches_a_round + step, training.batch));
  };
  const auto optimiser = optimiser_of(model, training, learning_rate);
  const int last_tenth = steps - std::max(1, steps / 10);
  double sum = 0;
  std::future<Batch> next = beside([&] { return make(0); });
  for (int step = 0; step < steps; ++step) {
    if (stop.requested()) throw Interrupted("training was interrupted");
    const Batch batch = next.get();
    if (step + 1 < steps) next = beside([&make, step] { return make(step + 1); });
    for (auto& group : optimiser->param_groups())
      group.options().set_lr(falling(learning_rate, step, steps));
    optimiser->zero_grad();
    const at::Tensor loss =
        loss_of(model.forward(batch.images, true), teacher.output(), batch.targets, training.loss);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      throw ModelError(
          fmt::format("training diverged: the loss is {} at step {} of round {}; the compressed "
                      "model is as it was. Lower train.learning_rate ({}) and run again",
                      value, step + 1, round, learning_rate));
    }
    go_back(loss, model.name);
    optimiser->step();
    if (step >= last_tenth) sum += value;
    if (on_step) on_step(step + 1, value);
  }
  return sum / (steps - last_tenth);
}

}  // namespace dflare::repair
