#pragma once

#include <vector>

#include "data/images.hpp"

namespace dflare::repair {

/// The training seeds in two parts: those that are trained on, and those that only choose the best
/// round.
struct Split {
  std::vector<Example> training, validation;
  std::vector<bool> validates;  ///< one a training seed
};

/// Each seed validates with the same probability, drawn from its id; at least one does, and one
/// does not.
Split split_of(const std::vector<Seed>& seeds, const Training& training);

}  // namespace dflare::repair
