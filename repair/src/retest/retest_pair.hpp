#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/images.hpp"
#include "retest/retest.hpp"
#include "setup/context.hpp"
#include "setup/open_pair.hpp"

namespace dflare::repair {

/// A triggering input that was trained on: what the model preferred to the original's label.
struct TrainedOn {
  double regret_before = 0, regret_after = 0;
};

/// What the re-test found out about the model as it was, repaired, and trained as the control.
struct Retested {
  UnseenInputs unseen;
  Measured before, repaired, control;
  std::optional<double> original_accuracy;
  std::vector<TrainedOn> training;  ///< one an input that was trained on
};

/// Tests the TorchScript files `repaired` and `control` beside the compressed model, on seeds that
/// were not trained on, and the repaired one on the `trained_on`. Writes the worst unseen
/// triggering inputs into `out`. Throws ModelError, Interrupted.
Retested retest(const RepairContext& context, const OpenPair& pair, const std::string& repaired,
                const std::string& control, const std::vector<TrainingFinding>& trained_on);

}  // namespace dflare::repair
