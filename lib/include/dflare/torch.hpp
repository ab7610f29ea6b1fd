#pragma once

/// @file
/// The only public header that includes LibTorch: models in memory.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/script.h>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include "dflare/model.hpp"

namespace dflare {

/// Wraps a TorchScript module. The module is copied; later changes to it are not seen.
std::shared_ptr<Model> wrap(const torch::jit::Module& module, const std::string& name,
                            const LoadOptions& options = {});

/// Maps a batch (N x channels x height x width, float) to N x classes.
using Forward = std::function<torch::Tensor(const torch::Tensor&)>;
/// Wraps a function. `replicate` makes an independent copy for another thread; where it is empty or
/// returns an empty function, the threads take turns with the one function. LoadOptions::engine has
/// no meaning here.
std::shared_ptr<Model> wrap(Forward forward, const std::string& name,
                            const LoadOptions& options = {},
                            std::function<Forward()> replicate = nullptr);

/// A copy of the module with equal parameters and buffers, or null where the module, or a part of
/// it, cannot be cloned.
std::shared_ptr<torch::nn::Module> faithful_clone(const torch::nn::Module& module);

/// Wraps a torch::nn module. It is shared, not copied, and put into evaluation mode, again at each
/// evaluation. Other threads get clones, or take turns where it cannot be cloned. It must not be
/// trained while it is evaluated.
template <class M, class = std::enable_if_t<std::is_base_of_v<torch::nn::Module, M>>>
std::shared_ptr<Model> wrap(const std::shared_ptr<M>& module, const std::string& name,
                            const LoadOptions& options = {}) {
  const auto function_of = [](const std::shared_ptr<M>& owner) -> Forward {
    return [owner](const torch::Tensor& batch) -> torch::Tensor {
      owner->eval();
      return owner->forward(batch);
    };
  };
  module->eval();
  return wrap(function_of(module), name, options, [module, function_of]() -> Forward {
    const auto clone = std::dynamic_pointer_cast<M>(faithful_clone(*module));
    return clone ? function_of(clone) : nullptr;
  });
}

/// Wraps what a module holder holds.
template <class M>
std::shared_ptr<Model> wrap(const torch::nn::ModuleHolder<M>& module, const std::string& name,
                            const LoadOptions& options = {}) {
  return wrap(module.ptr(), name, options);
}

}  // namespace dflare
