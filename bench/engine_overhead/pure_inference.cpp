#include "pure_inference.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "model/quantised_engine.hpp"
#include "model/torch_support.hpp"

namespace dflare::bench {
namespace {

/// Enough tensors that they do not all stay in the processor's caches.
constexpr std::size_t most_batches = 16;

torch::jit::Module load_module(const gtest::ModelEntry& entry, const std::string& engine) {
  const QuantisedEngineTurn turn(engine);
  torch::jit::Module module = torch::jit::load(entry.source.file, torch_device(entry.load.device));
  module.eval();
  return module;
}

struct Side {
  Side(const gtest::ModelEntry& model, const std::string& quantised)
      : entry(model), engine(quantised) {}

  const gtest::ModelEntry& entry;
  std::string engine;  // empty for a float model, which takes no turns
  std::vector<at::Tensor> batches, singles;
};

/// One thread's modules.
struct Modules {
  torch::jit::Module original, compressed;
};

}  // namespace

struct PureInference::State {
  Side original, compressed;
  std::vector<Modules> modules;
  std::uint64_t batch = 0;

  void evaluate(Modules& own, const std::vector<at::Tensor>& original_inputs,
                const std::vector<at::Tensor>& compressed_inputs, std::uint64_t i) {
    forward(own.original, original, original_inputs[i % original_inputs.size()]);
    forward(own.compressed, compressed, compressed_inputs[i % compressed_inputs.size()]);
  }

  static void forward(torch::jit::Module& module, const Side& side, const at::Tensor& input) {
    const QuantisedEngineTurn turn(side.engine);
    const at::Tensor answer = module.forward({input}).toTensor();
    if (!answer.device().is_cpu()) answer.to(at::kCPU);
  }
};

PureInference::PureInference(const gtest::Pair& pair, int workers) {
  use_one_thread();
  // Which models are int8 is for the backend to say.
  const auto side = [](const gtest::ModelEntry& entry) {
    return Side(entry, load(entry.source.file, entry.load)->info().engine);
  };
  state_.reset(new State{side(pair.original), side(pair.compressed), {}, 0});
  for (int w = 0; w < workers; ++w) {
    state_->modules.push_back({load_module(pair.original, state_->original.engine),
                               load_module(pair.compressed, state_->compressed.engine)});
  }

  const auto full = static_cast<std::size_t>(pair.options.batch());
  state_->batch = full;
  const InputSpec& input = pair.original.load.input;
  for (std::size_t b = 0; b < most_batches; ++b) {
    ImageBatch images, one;
    for (std::size_t i = 0; i < full; ++i) {
      images.add(input.fit(pair.seeds.load((b * full + i) % pair.seeds.size()).image));
    }
    one.add(images[0]);
    for (Side* model : {&state_->original, &state_->compressed}) {
      const LoadOptions& options = model->entry.load;
      const at::Device device = torch_device(options.device);
      model->batches.push_back(to_tensor(images, options.input, device));
      model->singles.push_back(to_tensor(one, options.input, device));
    }
  }
}

PureInference::~PureInference() = default;

double PureInference::run(std::uint64_t images, std::uint64_t alone) {
  State& s = *state_;
  const std::uint64_t batches = (images + s.batch - 1) / s.batch;
  std::atomic<std::uint64_t> next{0};
  const auto work = [&](Modules& own) {
    use_one_thread();
    const c10::InferenceMode no_gradients;
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    for (std::uint64_t i = next++; i < batches + alone; i = next++) {
      if (i < batches) {
        s.evaluate(own, s.original.batches, s.compressed.batches, i);
      } else {
        s.evaluate(own, s.original.singles, s.compressed.singles, i);
      }
    }
  };
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (std::size_t w = 1; w < s.modules.size(); ++w)
    threads.emplace_back(work, std::ref(s.modules[w]));
  work(s.modules[0]);
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace dflare::bench
