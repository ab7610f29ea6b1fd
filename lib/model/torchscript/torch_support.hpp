#pragma once

// What the models that run in LibTorch share.

#include <ATen/core/Tensor.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/named_model.hpp"

namespace dflare {

/// What a LibTorch exception says, without its C++ stack and the source listing of TorchScript's.
std::string torch_message(const std::exception& failure);

/// Throws ModelError if this is no device, or one that is not there.
at::Device torch_device(const std::string& device);

/// The calling thread and libraries below LibTorch use one thread from here on: the workers of a
/// search share the cores among them, and an answer does not depend on the number of cores.
void use_one_thread();

/// The batch as a tensor of its own, which the model may change in place.
at::Tensor to_tensor(const ImageBatch& images, const InputSpec& input, const at::Device& device);

/// Throws ModelError unless `answer` is a matrix of floating-point (or quantised) numbers with a
/// row an image. Quantised numbers are made floating-point ones.
at::Tensor require_scores(at::Tensor answer, std::size_t images);

/// Copies what require_scores() accepts.
void to_scores(at::Tensor answer, std::size_t images, Scores& scores);

/// What to say of a model that failed on a batch: what it was fed, and what LibTorch said.
std::string failure_text(const ImageBatch& images, const InputSpec& input,
                         const std::exception& failure);

/// Model::input_gradient() of what `forward` maps a batch to. Leaves no gradient in the model's
/// parameters. Throws ModelError where the answer does not depend differentiably on the batch.
std::vector<float> torch_input_gradient(
    const std::function<at::Tensor(const at::Tensor& batch)>& forward, const ImageBatch& one,
    const InputSpec& input, const at::Device& device, int a, int b);

}  // namespace dflare
