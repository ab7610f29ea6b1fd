#pragma once

#include <vector>

#include "data/split.hpp"
#include "setup/context.hpp"
#include "setup/open_pair.hpp"

namespace dflare::repair {

/// Triggering inputs of the seeds of both parts.
struct Findings {
  std::vector<TrainingFinding> training, validation;

  bool empty() const { return training.empty() && validation.empty(); }
};

/// The triggering inputs to train on: reads Settings::corpus where it is given; else searches the
/// training seeds, and writes what is found as a folder of findings into `out`. Throws FindingError
/// for the corpus, and ConfigError where a finding of it was made from an unseen image; ModelError,
/// Interrupted.
Findings find(const RepairContext& context, const OpenPair& pair, const Split& split);

/// What the model of a round still does wrong on the seeds that are trained on.
std::vector<TrainingFinding> search_again(const RepairContext& context, const OpenPair& pair,
                                          const Split& split, Model& model, int round);

}  // namespace dflare::repair
