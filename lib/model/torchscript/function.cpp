#include <fmt/format.h>

#include <mutex>

#include "dflare/error.hpp"
#include "dflare/torch.hpp"
#include "model/torchscript/saved.hpp"
#include "model/torchscript/torch_support.hpp"
#include "model/torchscript/torchscript.hpp"

namespace dflare {
namespace {

// A function, and the lock of those who take turns with it.
struct Shared {
  Forward forward;
  std::mutex mutex;
};

class FunctionModel : public Model {
 public:
  FunctionModel(std::shared_ptr<Shared> shared, InputSpec input, ModelInfo info, at::Device device,
                std::function<Forward()> copy)
      : Model(std::move(input), std::move(info)),
        shared_(std::move(shared)),
        device_(device),
        copy_(std::move(copy)) {}

  bool has_gradients() const override { return true; }

  std::shared_ptr<Model> replicate() const override {
    auto shared = shared_;
    if (copy_) {
      if (Forward forward = copy_()) {
        shared = std::make_shared<Shared>();
        shared->forward = std::move(forward);
      }
    }
    return std::make_shared<FunctionModel>(std::move(shared), input(), info(), device_, copy_);
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    use_one_thread();
    const torch::NoGradGuard no_gradients;
    try {
      const torch::Tensor batch = to_tensor(images, input(), device_);
      const std::lock_guard lock(shared_->mutex);
      to_scores(shared_->forward(batch), images.size(), answers);
    } catch (const Error&) {
      throw;
    } catch (const std::exception& failure) {
      throw ModelError(failure_text(images, input(), failure));
    }
  }

  std::vector<float> input_gradient(const ImageBatch& one, int a, int b) override {
    const std::lock_guard lock(shared_->mutex);
    return torch_input_gradient(shared_->forward, one, input(), device_, a, b);
  }

 private:
  std::shared_ptr<Shared> shared_;
  at::Device device_;
  std::function<Forward()> copy_;
};

ModelInfo in_memory(const std::string& name) {
  ModelInfo info;
  info.name = name;
  return info;
}

template <class NamedTensors>
bool equal_tensors(const NamedTensors& a, const NamedTensors& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (const auto& item : a) {
    const torch::Tensor* other = b.find(item.key());
    if (!other || !torch::equal(item.value(), *other)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::shared_ptr<Model> wrap(const torch::jit::Module& module, const std::string& name,
                            const LoadOptions& options) {
  std::string bytes;
  try {
    bytes = saved(module);
  } catch (const std::exception& failure) {
    throw ModelError(name,
                     fmt::format("the module cannot be copied by saving it: {}; wrap a function "
                                 "that calls it instead",
                                 torch_message(failure)));
  }
  return torchscript_from_bytes(bytes, in_memory(name), options);
}

std::shared_ptr<Model> wrap(Forward forward, const std::string& name, const LoadOptions& options,
                            std::function<Forward()> replicate) {
  return naming_model(name, [&] {
    if (!forward) {
      throw ModelError("the function to wrap is empty");
    }
    const torch::Device device = torch_device(options.device);
    ModelInfo info = in_memory(name);
    info.backend = "LibTorch function";
    info.runtime = libtorch_runtime();
    info.device = device.str();
    auto shared = std::make_shared<Shared>();
    shared->forward = std::move(forward);
    return std::make_shared<FunctionModel>(std::move(shared), options.input, info, device,
                                           std::move(replicate));
  });
}

std::shared_ptr<torch::nn::Module> faithful_clone(const torch::nn::Module& module) {
  try {
    auto clone = module.clone();
    // clone() leaves out what the module's parts that cannot be cloned hold.
    const bool faithful = equal_tensors(module.named_parameters(), clone->named_parameters()) &&
                          equal_tensors(module.named_buffers(), clone->named_buffers());
    return faithful ? clone : nullptr;
  } catch (const c10::Error&) {
    return nullptr;
  }
}

}  // namespace dflare
