#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <openvino/core/graph_util.hpp>
#include <openvino/openvino.hpp>
#include <openvino/opsets/opset13.hpp>
#include <string>
#include <vector>

#include "support/images.hpp"

namespace dflare::test {

namespace op = ov::opset13;
using Node = std::shared_ptr<ov::Node>;

inline Node number(float value) {
  return op::Constant::create(ov::element::f32, {}, {value});
}

/// Logits of a linear classifier over `values` values an image.
inline Node linear_over(const ov::Output<ov::Node>& input, int values, int classes) {
  std::vector<float> weights;
  for (int i = 0; i < values * classes; ++i) weights.push_back(std::sin(static_cast<float>(7 * i)));
  const auto rows = op::Constant::create(ov::element::i64, {2}, {0, -1});
  const auto matrix = op::Constant::create(
      ov::element::f32, {static_cast<std::size_t>(values), static_cast<std::size_t>(classes)},
      weights);
  return std::make_shared<op::MatMul>(
      std::make_shared<op::Reshape>(input, rows, /*special_zero=*/true), matrix);
}

/// Rounds to 256 levels from low to high, and says so in 8 bits from `first` on.
inline Node to_eight_bits(const ov::Output<ov::Node>& scores, float low, float high, float first,
                          const ov::element::Type& type) {
  const auto rounded = std::make_shared<op::FakeQuantize>(scores, number(low), number(high),
                                                          number(first), number(first + 255), 256);
  return std::make_shared<op::Convert>(rounded, type);
}

/// A file, OpenVINO IR, of `finish` over an input tensor.
inline std::string save_ir(const ov::element::Type& type, const ov::PartialShape& shape,
                           const std::function<ov::OutputVector(const Node& input)>& finish,
                           const std::string& name = "model.xml") {
  const auto input = std::make_shared<op::Parameter>(type, shape);
  input->set_friendly_name("image");
  const auto model = std::make_shared<ov::Model>(finish(input), ov::ParameterVector{input});
  const std::string path = fresh_folder() + "/" + name;
  ov::save_model(model, path, /*compress_to_fp16=*/false);
  return path;
}

/// Three logits of 4 x 4 grey images, any number at once.
inline std::string linear_ir(const ov::PartialShape& shape = {-1, 1, 4, 4}) {
  return save_ir(ov::element::f32, shape,
                 [](const Node& input) { return ov::OutputVector{linear_over(input, 16, 3)}; });
}

}  // namespace dflare::test
