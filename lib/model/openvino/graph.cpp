#include "model/openvino/graph.hpp"

#include <algorithm>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>

namespace dflare {

std::optional<double> number_at(const std::shared_ptr<ov::Node>& node, std::size_t input) {
  std::shared_ptr<ov::Node> source = node->get_input_node_shared_ptr(input);
  if (ov::is_type<ov::op::v0::Convert>(source)) source = source->get_input_node_shared_ptr(0);
  const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(source);
  if (!constant || ov::shape_size(constant->get_shape()) != 1) return std::nullopt;
  return constant->cast_vector<double>()[0];
}

bool only_moves_values(const std::string& operation) {
  static const std::string known[] = {"Convert", "Reshape", "Transpose", "Squeeze", "Unsqueeze"};
  return std::find(std::begin(known), std::end(known), operation) != std::end(known);
}

std::optional<Grid> grid_of(const ov::op::v0::FakeQuantize& node) {
  const auto self = std::const_pointer_cast<ov::Node>(node.shared_from_this());
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

}  // namespace dflare
