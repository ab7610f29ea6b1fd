#include <executorch/extension/module/module.h>
#include <executorch/extension/tensor/tensor_ptr_maker.h>
#include <executorch/runtime/backend/interface.h>

#include <algorithm>
#include <vector>

#include "bare_model.hpp"
#include "dflare/error.hpp"
#include "model/executorch/runtime.hpp"
#include "model/input_tensor.hpp"

namespace dflare::bench {
namespace {

namespace et = executorch::runtime;
using executorch::aten::ScalarType;
using executorch::extension::Module;
using executorch::extension::TensorPtr;

class BareExecuTorch : public BareModel {
 public:
  BareExecuTorch(const ModelInfo& info, const InputSpec& input)
      : input_(input), module_(info.path) {
    const ExecuTorchTurn turn;
    et::BackendOptions<1> options;
    et::LoadBackendOptionsMap of_backends;
    require(options.set_option("workspace_sharing_mode", 0));
    require(of_backends.set_options("XnnpackBackend", options.view()));
    require(module_.load(of_backends));
    require(module_.load_forward());
    const auto tensor = module_.method_meta("forward")->input_tensor_meta(0);
    require(tensor.error());
    type_ = tensor->scalar_type();
    at_once_ = tensor->sizes()[0];
  }

  void add(const ImageBatch& images) override {
    Feed feed(type_ == ScalarType::Byte   ? Element::uint8
              : type_ == ScalarType::Char ? Element::int8
                                          : Element::float32);
    const Feed::Tensor fed = feed.fill(images, input_);
    const auto* bytes = static_cast<const char*>(fed.data);
    Batch batch;
    batch.bytes.assign(bytes, bytes + static_cast<std::size_t>(fed.count) * fed.bytes_an_image);
    for (int first = 0; first < fed.count; first += at_once_) {
      char* data = batch.bytes.data() + static_cast<std::size_t>(first) * fed.bytes_an_image;
      batch.parts.push_back(executorch::extension::from_blob(
          data, {std::min(at_once_, fed.count - first), fed.channels, fed.height, fed.width},
          type_));
    }
    batches_.push_back(std::move(batch));
  }

  void evaluate(std::size_t i) override {
    const ExecuTorchTurn turn;
    for (const TensorPtr& part : batches_[i].parts) require(module_.forward(part).error());
  }

 private:
  struct Batch {
    std::vector<char> bytes;
    std::vector<TensorPtr> parts;
  };

  static void require(et::Error error) {
    if (error != et::Error::Ok) {
      throw ModelError(std::string("ExecuTorch, called directly: ") + et::to_string(error));
    }
  }

  InputSpec input_;
  Module module_;
  ScalarType type_ = ScalarType::Float;
  int at_once_ = 1;
  std::vector<Batch> batches_;
};

}  // namespace

std::unique_ptr<BareModel> bare_executorch(const ModelInfo& info, const InputSpec& input) {
  return std::make_unique<BareExecuTorch>(info, input);
}

}  // namespace dflare::bench
