#pragma once

// The only public header that includes LibTorch: models in memory.

#include <torch/nn/module.h>
#include <torch/script.h>

#include <functional>
#include <memory>
#include <string>

#include "dflare/model.hpp"

namespace dflare {

/// Wraps a TorchScript module. The module is copied; later changes to it are not seen.
std::shared_ptr<Model> wrap(const torch::jit::Module& module, const std::string& name,
                            const LoadOptions& options = {});

/// Wraps what maps a batch (N x channels x height x width, float) to N x classes. `replicate` makes
/// an independent copy for another thread; where it is empty, the threads take turns with the one
/// function.
using Forward = std::function<torch::Tensor(const torch::Tensor&)>;
std::shared_ptr<Model> wrap(Forward forward, const std::string& name,
                            const LoadOptions& options = {},
                            std::function<Forward()> replicate = nullptr);

/// Wraps a torch::nn module or module holder, put into evaluation mode. It is shared, not copied.
template <class M>
std::shared_ptr<Model> wrap(const torch::nn::ModuleHolder<M>& module, const std::string& name,
                            const LoadOptions& options = {}) {
  module->eval();
  auto shared = module.ptr();
  return wrap([shared](const torch::Tensor& batch) { return shared->forward(batch); }, name,
              options);
}

}  // namespace dflare
