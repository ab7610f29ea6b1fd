#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/findings.hpp"
#include "training/state.hpp"

namespace dflare::repair {

/// Where training begins.
struct TrainingStart {
  std::string fingerprint;       ///< of all that its state depends on
  Findings findings;             ///< of the first round
  std::optional<State> resumed;  ///< where an interrupted repair stood; none: as before training
};

/// What came of training.
struct Trained {
  std::string recognised;  ///< what the compressed model is, in words
  Approach approach = Approach::weights;
  std::vector<Round> rounds;  ///< the first is number 0, before training
  int best_round = 0, control_best_round = 0;
  double learning_rate = 0;
  std::string repaired,
      control;  ///< TorchScript files of the best rounds; empty: nothing was found
};

/// Finds what to train on; of a repair that is resumed, reads that and where it stood from its
/// state instead. Throws as find() and load_state() do.
TrainingStart start_training(const RepairContext& context, const OpenPair& pair,
                             const Split& split);

/// Trains the repair and its control, round after round, each on what was found before it and what
/// the model of the last one still does wrong, and keeps the state of each in `out`. Without any
/// finding there is no round but number 0. Throws ModelError, Interrupted.
Trained train(const RepairContext& context, const OpenPair& pair, const Split& split,
              TrainingStart start);

}  // namespace dflare::repair
