#pragma once

#include <memory>
#include <openvino/core/node.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <optional>
#include <string>

namespace dflare {

/// The number that this input of the node always is, if it is one.
std::optional<double> number_at(const std::shared_ptr<ov::Node>& node, std::size_t input);

/// Whether the operation leaves the values as they are.
bool only_moves_values(const std::string& operation);

/// FakeQuantize maps low..high to another low..high, in steps.
struct Grid {
  double from_low, from_high, to_low, to_high, steps;
  double gain() const { return (to_high - to_low) / (from_high - from_low); }
};

/// Where its limits are one number each.
std::optional<Grid> grid_of(const ov::op::v0::FakeQuantize& node);

}  // namespace dflare
