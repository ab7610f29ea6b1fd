#include "model/openvino/quantisation.hpp"

#include <cmath>

#include "model/openvino/graph.hpp"

namespace dflare {
namespace {

using ov::op::v0::FakeQuantize;

/// The limits of a file are single-precision numbers, of which a zero point is made here.
double whole_if_near(double number) {
  constexpr double slack = 0.01;
  const double whole = std::round(number);
  return std::abs(number - whole) < slack ? whole : number;
}

std::optional<Quantisation> made_of(double scale, double zero_point) {
  if (!(scale > 0)) return std::nullopt;
  return Quantisation{static_cast<float>(scale), static_cast<float>(whole_if_near(zero_point))};
}

/// The only node that takes this one's values, at its first input.
std::shared_ptr<ov::Node> next_of(const ov::Output<const ov::Node>& values) {
  const auto targets = values.get_target_inputs();
  if (targets.size() != 1 || targets.begin()->get_index() != 0) return nullptr;
  return std::const_pointer_cast<ov::Node>(targets.begin()->get_node()->shared_from_this());
}

}  // namespace

// As a TFLite file's scale and zero point (FakeQuantize), ONNX's DequantizeLinear and OpenVINO's
// own preprocessing (Subtract, Multiply, either of which may be left out) are read.
std::optional<Quantisation> openvino_quantisation(const ov::Model& model) {
  double scale = 1, zero_point = 0;
  bool said = false;
  auto node = next_of(model.input());
  for (; node; node = next_of(node->output(0))) {
    const std::string operation = node->get_type_name();
    if (const auto quantise = ov::as_type_ptr<FakeQuantize>(node)) {
      const auto grid = grid_of(*quantise);
      if (said || !grid) break;
      return made_of(grid->gain(), grid->from_low - grid->to_low / grid->gain());
    }
    const bool arithmetic = operation == "Subtract" || operation == "Add" ||
                            operation == "Multiply" || operation == "Divide";
    if (arithmetic) {
      const auto number = number_at(node, 1);
      if (!number) break;
      // value = (number - zero_point) * scale
      if (operation == "Subtract") zero_point += *number / scale;
      if (operation == "Add") zero_point -= *number / scale;
      if (operation == "Multiply") scale *= *number;
      if (operation == "Divide") scale /= *number;
      said = true;
      if (!(scale > 0) || !std::isfinite(scale)) return std::nullopt;
    } else if (!only_moves_values(operation)) {
      break;
    }
  }
  return said ? made_of(scale, zero_point) : std::nullopt;
}

}  // namespace dflare
