#pragma once

#include <string>
#include <vector>

#include "data/images.hpp"
#include "dflare/repair_result.hpp"
#include "training/model_weights.hpp"

namespace dflare::repair {

/// Where a repair stands between two rounds.
struct State {
  std::vector<Round> rounds;  ///< the first is round 0
  int best_round = 0, control_best_round = 0;
  double best = 0, control_best = 0;  ///< validation losses
  double learning_rate = 0;           ///< of the first round
  Tensors repair_now, repair_best, control_now, control_best_weights;
  std::vector<TrainingFinding> findings;             ///< to train on
  std::vector<TrainingFinding> validation_findings;  ///< of the seeds that only validate
  bool finished = false;                             ///< the last round did not help
};

/// `fingerprint` says what the state depends on; a state of another one is not loaded.
void save_state(const std::string& file, const std::string& fingerprint, const State& state);
/// Throws ConfigError that says what to do if the file is of another format or fingerprint, or
/// damaged: then with the field that is missing or makes no sense.
State load_state(const std::string& file, const std::string& fingerprint);

}  // namespace dflare::repair
