#pragma once

#include <string>
#include <vector>

#include "data/images.hpp"
#include "setup/checks.hpp"

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

/// Triggering inputs of the seeds of both parts.
struct Findings {
  std::vector<TrainingFinding> training, validation;

  bool empty() const { return training.empty() && validation.empty(); }
};

/// Searches the training seeds, and writes what is found as a folder of findings. Throws
/// ModelError, Interrupted.
Findings search_training_seeds(const Settings& settings, const Pair& pair, const Split& split,
                               const std::string& folder, const OnStage& on_stage,
                               const StopSignal& stop);

/// Reads Settings::corpus. Throws FindingError, and ConfigError where a finding was made from an
/// unseen image.
Findings read_findings(const Settings& settings, const Pair& pair, const Split& split);

/// What the model of a round still does wrong on the seeds that are trained on.
std::vector<TrainingFinding> search_again(const Settings& settings, const Pair& pair,
                                          const Split& split, Model& model, int round,
                                          const OnStage& on_stage, const StopSignal& stop);

}  // namespace dflare::repair
