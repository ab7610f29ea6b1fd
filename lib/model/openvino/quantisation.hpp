#pragma once

#include <openvino/core/model.hpp>
#include <optional>

#include "model/eight_bit.hpp"

namespace dflare {

/// What the numbers of the model's 8-bit input stand for, where its graph begins by saying it.
std::optional<Quantisation> openvino_quantisation(const ov::Model& model);

}  // namespace dflare
