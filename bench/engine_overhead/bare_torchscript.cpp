#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <vector>

#include "bare_model.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/torch_support.hpp"

namespace dflare::bench {
namespace {

class BareTorchScript : public BareModel {
 public:
  BareTorchScript(const ModelInfo& info, const InputSpec& input)
      : input_(input), device_(torch_device(info.device)), engine_(info.engine) {
    use_one_thread();
    const QuantisedEngineTurn turn(engine_);
    module_ = torch::jit::load(info.path, device_);
    module_.eval();
  }

  void add(const ImageBatch& images) override {
    batches_.push_back(to_tensor(images, input_, device_));
  }

  void evaluate(std::size_t i) override {
    use_one_thread();
    const c10::InferenceMode no_gradients;
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    const QuantisedEngineTurn turn(engine_);
    const at::Tensor answer = module_.forward({batches_[i]}).toTensor();
    if (!answer.device().is_cpu()) answer.to(at::kCPU);
  }

 private:
  InputSpec input_;
  at::Device device_;
  std::string engine_;  // empty for a float model, which takes no turns
  torch::jit::Module module_;
  std::vector<at::Tensor> batches_;
};

}  // namespace

std::unique_ptr<BareModel> bare_torchscript(const ModelInfo& info, const InputSpec& input) {
  return std::make_unique<BareTorchScript>(info, input);
}

}  // namespace dflare::bench
