#include <cstring>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <vector>

#include "bare_model.hpp"
#include "model/input_tensor.hpp"

namespace dflare::bench {
namespace {

class BareOpenVino : public BareModel {
 public:
  BareOpenVino(const ModelInfo& info, const InputSpec& input) : input_(input) {
    compiled_ = core_.compile_model(
        info.path, "CPU",
        {ov::num_streams(1), ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false),
         ov::hint::inference_precision(ov::element::f32),
         ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY)});
    request_ = compiled_.create_infer_request();
  }

  void add(const ImageBatch& images) override {
    const auto port = compiled_.input();
    const ov::element::Type type = port.get_element_type();
    Feed feed(type == ov::element::u8   ? Element::uint8
              : type == ov::element::i8 ? Element::int8
                                        : Element::float32);
    const Feed::Tensor fed = feed.fill(images, input_);
    const auto batch_side = port.get_partial_shape()[0];
    const int at_once =
        batch_side.is_static() ? static_cast<int>(batch_side.get_length()) : fed.count;
    const auto side = [](int value) { return static_cast<std::size_t>(value); };
    std::vector<ov::Tensor> parts;
    for (int first = 0; first < fed.count; first += at_once) {
      const ov::Shape shape =
          input_.layout == Layout::nchw
              ? ov::Shape{side(at_once), side(fed.channels), side(fed.height), side(fed.width)}
              : ov::Shape{side(at_once), side(fed.height), side(fed.width), side(fed.channels)};
      ov::Tensor part(type, shape);
      const int count = std::min(at_once, fed.count - first);
      std::memcpy(part.data(), fed.from(first), side(count) * fed.bytes_an_image);
      parts.push_back(part);
    }
    batches_.push_back(std::move(parts));
  }

  void evaluate(std::size_t i) override {
    for (const ov::Tensor& part : batches_[i]) {
      request_.set_input_tensor(part);
      request_.infer();
    }
  }

 private:
  InputSpec input_;
  ov::Core core_;
  ov::CompiledModel compiled_;
  ov::InferRequest request_;
  std::vector<std::vector<ov::Tensor>> batches_;
};

}  // namespace

std::unique_ptr<BareModel> bare_openvino(const ModelInfo& info, const InputSpec& input) {
  return std::make_unique<BareOpenVino>(info, input);
}

}  // namespace dflare::bench
