#include "compression.hpp"

#include <torch/script.h>

#include <functional>
#include <vector>

namespace {

using Change = std::function<void(std::vector<torch::Tensor>& weights)>;

/// Saves the model with its weights changed; biases, the tensors of one dimension, stay as they
/// are.
void change_weights(const std::string& from, const std::string& to, const Change& change) {
  torch::NoGradGuard no_gradients;
  auto model = torch::jit::load(from);
  std::vector<torch::Tensor> weights;
  for (const auto& parameter : model.parameters())
    if (parameter.dim() > 1) weights.push_back(parameter);
  change(weights);
  model.save(to);
}

}  // namespace

void round_weights(const std::string& from, const std::string& to, int bits) {
  change_weights(from, to, [bits](std::vector<torch::Tensor>& weights) {
    const int steps = (1 << (bits - 1)) - 1;
    for (auto& weight : weights) {
      const auto scale = weight.abs().max() / steps;
      weight.copy_((weight / scale).round() * scale);
    }
  });
}

void prune_weights(const std::string& from, const std::string& to, double share) {
  change_weights(from, to, [share](std::vector<torch::Tensor>& weights) {
    std::vector<torch::Tensor> sizes;
    for (const auto& weight : weights) sizes.push_back(weight.abs().flatten());
    const auto all = torch::cat(sizes);
    const auto smallest = static_cast<std::int64_t>(share * static_cast<double>(all.numel()));
    if (smallest == 0) return;
    const auto threshold = std::get<0>(all.kthvalue(smallest));
    for (auto& weight : weights) weight.masked_fill_(weight.abs() <= threshold, 0);
  });
}
