#include "model/openvino/answer.hpp"

#include <algorithm>
#include <cmath>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <optional>
#include <string>

namespace dflare {
namespace {

using Node = std::shared_ptr<ov::Node>;
using ov::op::v0::FakeQuantize;

/// The number that this input of the node always is, if it is one.
std::optional<double> number_at(const Node& node, std::size_t input) {
  Node source = node->get_input_node_shared_ptr(input);
  if (ov::is_type<ov::op::v0::Convert>(source)) source = source->get_input_node_shared_ptr(0);
  const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(source);
  if (!constant || ov::shape_size(constant->get_shape()) != 1) return std::nullopt;
  return constant->cast_vector<double>()[0];
}

bool only_moves_values(const std::string& operation) {
  static const std::string known[] = {"Convert", "Reshape", "Transpose", "Squeeze", "Unsqueeze"};
  return std::find(std::begin(known), std::end(known), operation) != std::end(known);
}

/// FakeQuantize maps low..high to another low..high, in steps.
struct Grid {
  double from_low, from_high, to_low, to_high, steps;
  double gain() const { return (to_high - to_low) / (from_high - from_low); }
};

std::optional<Grid> grid_of(const FakeQuantize& node) {
  const Node self = std::const_pointer_cast<ov::Node>(node.shared_from_this());
  double limits[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const auto limit = number_at(self, i + 1);
    if (!limit) return std::nullopt;
    limits[i] = *limit;
  }
  const double steps = static_cast<double>(node.get_levels()) - 1;
  if (limits[1] <= limits[0] || limits[3] <= limits[2] || steps < 1) return std::nullopt;
  return Grid{limits[0], limits[1], limits[2], limits[3], steps};
}

}  // namespace

OpenVinoAnswer openvino_answer(const ov::Model& model) {
  OpenVinoAnswer answer;
  const bool eight_bit = model.output().get_element_type().size() == 1;
  double gain = 1;  // what the scores were multiplied by since the node
  Node node = model.output().get_node()->get_input_node_shared_ptr(0);
  for (; node->get_input_size() > 0; node = node->get_input_node_shared_ptr(0)) {
    const std::string operation = node->get_type_name();
    const bool scales = operation == "Multiply", shifts = operation == "Subtract";
    if (operation == "Softmax") {
      constexpr double slack = 1e-3;
      answer.probabilities = std::abs(gain - 1) < slack && (answer.rounded || !eight_bit);
      break;
    }
    if (const auto quantise = ov::as_type_ptr<FakeQuantize>(node)) {
      const auto grid = grid_of(*quantise);
      if (!grid) break;
      const bool first = !answer.rounded;
      if (first) {
        answer.rounded = true;
        // In front of an 8-bit output, the other limits are 8-bit numbers.
        const double step =
            eight_bit ? 1 / grid->gain() : gain * (grid->to_high - grid->to_low) / grid->steps;
        answer.step = static_cast<float>(step);
        answer.zero = static_cast<float>(std::round(grid->to_low - grid->from_low * grid->gain()));
      }
      if (!first || !eight_bit) gain *= grid->gain();
    } else if ((scales || shifts) && number_at(node, 1) && (answer.rounded || !eight_bit)) {
      if (scales) gain *= *number_at(node, 1);
    } else if (!only_moves_values(operation)) {
      break;
    }
  }
  return answer;
}

}  // namespace dflare
