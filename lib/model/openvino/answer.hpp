#pragma once

#include <openvino/core/model.hpp>
#include <optional>

#include "dflare/model.hpp"

namespace dflare {

/// What a model's graph says of its scores.
struct OpenVinoAnswer {
  std::optional<Output> output;  ///< by what they come out of: a softmax, log-softmax or sigmoid
  bool labels = false;           ///< they are places of the highest score
  bool rounded = false;          ///< to a grid, which follows
  float step = 0,                ///< between two scores
      zero = 0;                  ///< the 8-bit answer that stands for the score 0
};

/// Looks back from the output, through what does not change the scores.
OpenVinoAnswer openvino_answer(const ov::Model& model);

}  // namespace dflare
