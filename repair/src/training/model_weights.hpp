#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "weights/trainable.hpp"

namespace dflare::repair {

using Tensors = std::vector<at::Tensor>;

/// Copies of all that training changes.
Tensors weights_of(const Trainable& model);
/// Throws ModelError where they are those of another model.
void set_weights(Trainable& model, const Tensors& weights);

}  // namespace dflare::repair
