#include "lenet5.hpp"

#include <torch/optim/adam.h>
#include <torch/script.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dflare/random.hpp"

namespace {

constexpr int epochs = 6;
constexpr int batch_size = 64;

void add_layer(torch::jit::Module& network, const std::string& name, at::IntArrayRef weight_shape) {
  const auto weight = torch::randn(weight_shape);
  const auto inputs = weight.numel() / weight.size(0);
  network.register_parameter(name + "_weight", weight * std::sqrt(2.0 / inputs), false);
  network.register_parameter(name + "_bias", torch::zeros(weight.size(0)), false);
}

torch::jit::Module make_lenet5() {
  torch::jit::Module network("LeNet5");
  add_layer(network, "conv1", {6, 1, 5, 5});
  add_layer(network, "conv2", {16, 6, 5, 5});
  add_layer(network, "linear1", {120, 400});
  add_layer(network, "linear2", {84, 120});
  add_layer(network, "linear3", {10, 84});
  network.define(R"(
    def forward(self, x):
        x = torch.relu(torch.conv2d(x, self.conv1_weight, self.conv1_bias, padding=[2, 2]))
        x = torch.max_pool2d(x, [2, 2])
        x = torch.relu(torch.conv2d(x, self.conv2_weight, self.conv2_bias))
        x = torch.flatten(torch.max_pool2d(x, [2, 2]), 1)
        x = torch.relu(torch.linear(x, self.linear1_weight, self.linear1_bias))
        x = torch.relu(torch.linear(x, self.linear2_weight, self.linear2_bias))
        return torch.linear(x, self.linear3_weight, self.linear3_bias)
  )");
  return network;
}

torch::Tensor images_tensor(const Digits& digits) {
  auto images =
      torch::empty({static_cast<std::int64_t>(digits.images.size()), 1, 28, 28}, torch::kUInt8);
  auto* to = images.data_ptr<std::uint8_t>();
  for (const auto& image : digits.images) to = std::copy(image.datastart, image.dataend, to);
  return images.to(torch::kFloat32).div_(255);
}

/// 0, ..., n - 1 in random order.
torch::Tensor shuffled(std::int64_t n, dflare::Random& random) {
  auto order = torch::arange(n);
  auto* values = order.data_ptr<std::int64_t>();
  for (int i = static_cast<int>(n) - 1; i > 0; --i)
    std::swap(values[i], values[random.integer(0, i)]);
  return order;
}

}  // namespace

void train_lenet5(const Digits& digits, const std::string& path) {
  torch::manual_seed(1);
  dflare::Random random(dflare::stream_key(1, "training"));
  auto network = make_lenet5();
  const auto images = images_tensor(digits);
  const auto labels = torch::tensor(digits.labels, torch::kInt64);

  std::vector<torch::Tensor> parameters;
  for (const auto& parameter : network.parameters())
    parameters.push_back(parameter.requires_grad_());
  torch::optim::Adam adam(parameters);
  for (int epoch = 0; epoch < epochs; ++epoch) {
    adam.param_groups()[0].options().set_lr(2e-3 * (epochs - epoch) / epochs);
    for (const auto& batch : shuffled(labels.size(0), random).split(batch_size)) {
      const auto scores = network.forward({images.index_select(0, batch)}).toTensor();
      const auto loss = torch::cross_entropy_loss(scores, labels.index_select(0, batch));
      adam.zero_grad();
      loss.backward();
      adam.step();
    }
  }
  network.save(path);
}
