#pragma once

#include <ATen/core/Tensor.h>

#include "dflare/repair.hpp"

namespace dflare::repair {

/// The original's answers to a batch.
struct Targets {
  at::Tensor probabilities;  ///< N x classes, float
  at::Tensor labels;         ///< N, int64; -1 where the true label is not known
};

/// Mean over the batch of what Loss says; differentiable with respect to `answers`, the compressed
/// model's own: logits, probabilities, or a sigmoid for each class, which is trained as so many
/// distributions over two answers. `output` is never automatic.
at::Tensor loss_of(const at::Tensor& answers, Output output, const Targets& targets,
                   const Loss& loss);

}  // namespace dflare::repair
