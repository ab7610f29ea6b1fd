#include "training/trainer.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <memory>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"

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
  std::future<Batch> next = std::async(std::launch::async, make, 0);
  for (int step = 0; step < steps; ++step) {
    if (stop.requested()) throw Interrupted("training was interrupted");
    const Batch batch = next.get();
    if (step + 1 < steps) next = std::async(std::launch::async, make, step + 1);
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
    loss.backward();
    optimiser->step();
    if (step >= last_tenth) sum += value;
    if (on_step) on_step(step + 1, value);
  }
  return sum / (steps - last_tenth);
}

}  // namespace dflare::repair
