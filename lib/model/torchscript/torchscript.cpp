#include "model/torchscript/torchscript.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/stream.hpp>
#include <regex>

#include "dflare/error.hpp"
#include "model/remedies.hpp"
#include "model/torchscript/file.hpp"
#include "model/torchscript/graph.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

using Bytes = std::shared_ptr<const std::string>;

std::string why_not_loaded(const std::exception& failure, const std::string& bytes,
                           const std::string& engine) {
  const std::string wrong_file = why_no_torchscript(bytes);
  if (!wrong_file.empty()) {
    return wrong_file;
  }
  const std::string message = torch_message(failure);
  std::smatch match;
  if (std::regex_search(message, match, std::regex("Unknown builtin op: (\\S+?)\\.?$"))) {
    return fmt::format(
        "the file needs the operator {}, which {} does not have; export it without that operator, "
        "or load the library that brings it (for example torchvision's) before dflare",
        match[1].str(), libtorch_runtime());
  }
  const bool quantised = message.find("quantized::") != std::string::npos;
  return fmt::format("{} cannot read it{}: {}", libtorch_runtime(),
                     quantised ? fmt::format(" under the quantised engine '{}'", engine) : "",
                     with_remedy(Library::libtorch, message));
}

class TorchScriptModel : public Model {
 public:
  TorchScriptModel(Bytes bytes, InputSpec input, ModelInfo info, at::Device device,
                   std::string engine)
      : Model(std::move(input), std::move(info)),
        bytes_(std::move(bytes)),
        device_(device),
        engine_(std::move(engine)) {
    use_one_thread();
    try {
      parse();
    } catch (const std::exception& failure) {
      throw ModelError(why_not_loaded(failure, *bytes_, engine_));
    }
    if (!module_.find_method("forward")) {
      throw ModelError(
          "the TorchScript module has no method forward; export the whole model, not a part of it");
    }
    if (answers_labels(module_)) {
      throw ModelError(
          "its forward returns labels, the places of the highest scores (argmax); export a model "
          "whose forward returns the scores, not labels");
    }
    if (!is_quantised(module_)) {
      engine_.clear();
    }
    info_.engine = engine_;
  }

  bool has_gradients() const override { return engine_.empty(); }

  std::shared_ptr<Model> replicate() const override {
    return naming_model(info_.name, [this] {
      return std::make_shared<TorchScriptModel>(bytes_, input(), info(), device_, engine_);
    });
  }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    naming_failure(images, [&] { to_scores(answer_to(images), images.size(), answers); });
  }

  /// A GPU computes while the CPU goes on; only the answers' way back is waited for.
  Finish queue(const ImageBatch& images) override {
    if (device_.is_cpu()) return nullptr;
    at::Tensor answer;
    naming_failure(images, [&] { answer = answer_to(images); });
    return [this, answer, &images](Scores& answers) {
      naming_failure(images, [&] { to_scores(answer, images.size(), answers); });
    };
  }

  std::vector<float> input_gradient(const ImageBatch& one, int a, int b) override {
    const auto forward_of = [this](const at::Tensor& batch) { return forward(batch); };
    return torch_input_gradient(forward_of, one, input(), device_, a, b);
  }

 private:
  at::Tensor answer_to(const ImageBatch& images) {
    use_one_thread();
    return forward(to_tensor(images, input(), device_));
  }

  at::Tensor forward(at::Tensor batch) {
    // The optimising executor rewrites a module after its first runs, and with it the last bits.
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    const std::int64_t images = batch.size(0);
    const QuantisedEngineTurn turn(engine_);
    const c10::IValue answer = module_.forward({std::move(batch)});
    if (!answer.isTensor()) {
      throw ModelError(fmt::format(
          "answered a {}, expected one tensor of images x classes = {} x N; export a model whose "
          "forward returns the scores alone",
          answer.tagKind(), images));
    }
    return answer.toTensor();
  }

  template <class Step>
  void naming_failure(const ImageBatch& images, Step step) const {
    const c10::InferenceMode no_gradients;
    try {
      step();
    } catch (const Error&) {
      throw;
    } catch (const std::exception& failure) {
      const std::string text = failure_text(images, input(), failure);
      throw ModelError(engine_.empty() ? text
                                       : fmt::format("{} (quantised engine '{}')", text, engine_));
    }
  }

  // LibTorch packs int8 weights as it parses, for the engine in force.
  void parse() {
    const QuantisedEngineTurn turn(engine_);
    namespace io = boost::iostreams;
    io::stream<io::array_source> stream(bytes_->data(), bytes_->size());
    module_ = torch::jit::load(stream, device_);
    module_.eval();
  }

  Bytes bytes_;
  at::Device device_;
  std::string engine_;
  torch::jit::Module module_;
};

}  // namespace

std::shared_ptr<Model> load_torchscript(const std::string& path, const LoadOptions& options) {
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const Error& failure) {
    throw ModelError(failure.what());
  }
  ModelInfo info;
  info.path = path;
  info.name = path;
  info.sha256 = sha256_of(bytes);
  return torchscript_from_bytes(std::move(bytes), std::move(info), options);
}

std::shared_ptr<Model> torchscript_from_bytes(std::string bytes, ModelInfo info,
                                              const LoadOptions& options) {
  return naming_model(info.name, [&] {
    const at::Device device = torch_device(options.device);
    info.backend = "TorchScript";
    info.runtime = libtorch_runtime();
    info.device = device.str();
    return std::make_shared<TorchScriptModel>(std::make_shared<std::string>(std::move(bytes)),
                                              options.input, info, device,
                                              choose_quantised_engine(options.engine));
  });
}

}  // namespace dflare
