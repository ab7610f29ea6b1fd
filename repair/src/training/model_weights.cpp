#include "training/model_weights.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

Tensors changed_by_training(const Trainable& model) {
  Tensors all = model.parameters();
  for (const at::Tensor& buffer : model.buffers()) all.push_back(buffer);
  return all;
}

}  // namespace

Tensors weights_of(const Trainable& model) {
  Tensors copies;
  for (const at::Tensor& tensor : changed_by_training(model))
    copies.push_back(tensor.detach().clone());
  return copies;
}

void set_weights(Trainable& model, const Tensors& weights) {
  const at::NoGradGuard no_gradients;
  const Tensors into = changed_by_training(model);
  bool fits = into.size() == weights.size();
  for (std::size_t i = 0; fits && i < into.size(); ++i)
    fits = into[i].sizes() == weights[i].sizes() && into[i].dtype() == weights[i].dtype();
  if (!fits) {
    throw ModelError(fmt::format(
        "{}: the weights of the interrupted repair are those of another model; run without "
        "--resume",
        model.name));
  }
  for (std::size_t i = 0; i < into.size(); ++i) into[i].copy_(weights[i]);
}

}  // namespace dflare::repair
