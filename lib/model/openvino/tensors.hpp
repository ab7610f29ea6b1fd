#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "model/input_tensor.hpp"
#include "model/openvino/answer.hpp"

namespace dflare {

/// The model with a float input and output, where it has floats of another width.
std::shared_ptr<ov::Model> with_floats(std::shared_ptr<ov::Model> model);

/// What the model says of its input. Throws ModelError where that takes no images.
InputTensor openvino_input(const ov::Model& model);

/// Throws ModelError unless the output is a matrix of scores, which `answer` tells how to read.
void require_scores(const ov::Model& model, const OpenVinoAnswer& answer);

}  // namespace dflare
