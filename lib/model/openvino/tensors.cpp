#include "model/openvino/tensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <openvino/core/layout.hpp>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "model/openvino/quantisation.hpp"
#include "model/remedies.hpp"

namespace dflare {
namespace {

// What quantised 16-bit numbers stand for is not read.
constexpr const char* no_16_bit =
    "16-bit input and output are not read; convert it with floats there (inference_input_type and "
    "inference_output_type tf.float32)";

bool is_16_bit(const ov::element::Type& type) {
  return type == ov::element::i16 || type == ov::element::u16;
}

}  // namespace

std::shared_ptr<ov::Model> with_floats(std::shared_ptr<ov::Model> model) {
  const auto other_real = [](const ov::element::Type& type) {
    return type.is_real() && type != ov::element::f32;
  };
  ov::preprocess::PrePostProcessor steps(model);
  if (other_real(model->input().get_element_type())) {
    steps.input().tensor().set_element_type(ov::element::f32);
  }
  if (other_real(model->output().get_element_type())) {
    steps.output().tensor().set_element_type(ov::element::f32);
  }
  return steps.build();
}

InputTensor openvino_input(const ov::Model& model) {
  const ov::Output<const ov::Node> port = model.input();
  static const std::pair<ov::element::Type, Element> elements[] = {
      {ov::element::f32, Element::float32},
      {ov::element::u8, Element::uint8},
      {ov::element::i8, Element::int8}};
  const auto* element =
      std::find_if(std::begin(elements), std::end(elements),
                   [&](const auto& known) { return known.first == port.get_element_type(); });
  if (element == std::end(elements)) {
    throw ModelError(fmt::format(
        "its input is a tensor of {}; expected floats, u8 or i8: {}",
        port.get_element_type().get_type_name(),
        is_16_bit(port.get_element_type()) ? no_16_bit : "export it with such an input"));
  }
  const ov::PartialShape shape = port.get_partial_shape();
  if (shape.rank().is_dynamic()) {
    throw ModelError(
        "its input may be a tensor of any shape; export it with an input of four dimensions");
  }
  std::vector<std::int64_t> sides;
  for (const ov::Dimension& side : shape) {
    sides.push_back(side.is_static() ? side.get_length() : -1);
  }
  const ov::Layout named = ov::layout::get_layout(port);
  std::optional<Layout> layout;
  if (named == ov::Layout("NCHW")) layout = Layout::nchw;
  if (named == ov::Layout("NHWC")) layout = Layout::nhwc;
  InputTensor tensor = input_tensor(element->second, sides, layout);
  if (tensor.element != Element::float32) tensor.quantisation = openvino_quantisation(model);
  return tensor;
}

void require_scores(const ov::Model& model, const OpenVinoAnswer& answer) {
  const ov::element::Type type = model.output().get_element_type();
  const bool eight_bit = type == ov::element::u8 || type == ov::element::i8;
  if (answer.labels) {
    throw ModelError(
        "answers the labels, the places of the highest scores (TopK, ArgMax); export the scores, "
        "not labels");
  }
  if (type != ov::element::f32 && !eight_bit) {
    const bool integers = type == ov::element::i64 || type == ov::element::i32;
    throw ModelError(fmt::format("answers a tensor of {}; expected floats, u8 or i8: {}",
                                 type.get_type_name(),
                                 is_16_bit(type) ? no_16_bit
                                 : integers      ? "export the scores, not labels"
                                                 : "export the scores so"));
  }
  if (eight_bit && !answer.rounded) {
    throw ModelError(
        fmt::format("answers a tensor of {} without saying which scores these numbers stand for "
                    "(scale and zero point); export it with a quantised or a float output",
                    type.get_type_name()));
  }
  const ov::PartialShape shape = model.output().get_partial_shape();
  if (shape.rank().is_static() && shape.size() != 2) {
    throw ModelError(fmt::format("answers a tensor of shape {}, expected images x classes; {}",
                                 shape.to_string(), scores_to_export(shape.size())));
  }
}

}  // namespace dflare
