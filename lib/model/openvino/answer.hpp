#pragma once

#include <openvino/core/model.hpp>

namespace dflare {

/// What a model's graph says of its scores.
struct OpenVinoAnswer {
  bool probabilities = false;  ///< they come out of a softmax
  bool rounded = false;        ///< to a grid, which follows
  float step = 0,              ///< between two scores
      zero = 0;                ///< the 8-bit answer that stands for the score 0
};

/// Looks back from the output, through what does not change the scores.
OpenVinoAnswer openvino_answer(const ov::Model& model);

}  // namespace dflare
