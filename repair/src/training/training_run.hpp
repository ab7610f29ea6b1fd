#pragma once

#include <memory>

#include "data/findings.hpp"
#include "training/state.hpp"
#include "training/validation.hpp"

namespace dflare::repair {

/// How many of the last rounds did not help: since one took the validation loss below the least
/// before it by the share `min_gain`. The first of `rounds` is round 0.
int rounds_in_vain(const std::vector<Round>& rounds, double min_gain);

/// The place of the first loss within 15 % of the least. Of learning rates in falling order, that
/// is the highest that does about as well as any in a short trial: longer training favours it.
std::size_t best_trial(const std::vector<double>& losses);

/// One batch of training on the model, and the file of what comes of it: whether it can be trained
/// at all. Throws ModelError as a repair would.
void try_training(Trainable& model, const Settings& settings, const OpenPair& pair);

/// The rounds of a repair and of its control. The control has the same steps, optimiser, learning
/// rates, batch and choice of the best round, and clean training seeds alone.
class TrainingRun {
 public:
  /// `validation` are the triggering inputs of the seeds that only validate. The pair has to
  /// outlive this.
  TrainingRun(const RepairContext& context, const OpenPair& pair, const Split& split,
              std::vector<TrainingFinding> validation);

  /// As before training.
  State start(Findings findings);
  /// One more round from where `state` stands.
  void go_on(State& state);

  /// TorchScript file of a state's weights.
  std::string file(const Tensors& weights);
  std::string recognised() const { return repair_->text(); }
  Approach approach() const { return repair_->approach(); }

 private:
  double best_learning_rate(const State& start, int steps);

  RepairContext context_;
  std::vector<Example> training_;
  std::unique_ptr<Trainable> repair_, control_;
  Teacher repair_teacher_, control_teacher_;
  std::unique_ptr<ValidationSet> validation_;
};

}  // namespace dflare::repair
