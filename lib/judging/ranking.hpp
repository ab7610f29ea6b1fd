#pragma once

#include <vector>

#include "judging/goal.hpp"

namespace dflare {

/// Ranks the answers to the mutants of one seed input, for searches that climb: what meets the
/// criterion above what does not, the former by severity, the latter by progress and by how far
/// apart the models are.
class Ranking {
 public:
  /// `first` is the answer to the seed input.
  Ranking(const Options& options, const Seed& seed, const Answer& first);

  double operator()(const Answer& answer) const;
  const Goal& goal() const { return goal_; }

  /// The compressed model's probabilities as a search looks at them: where severity is the regret,
  /// which asks nothing of their scale, its logits are brought to the scale of the original's
  /// first.
  std::vector<float> at_scale(ScoreRow compressed) const;

 private:
  const Options* options_;
  const Seed* seed_;
  Goal goal_;
  double floor_, scale_;  // of the compressed model's scores; by what its logits are multiplied
};

}  // namespace dflare
