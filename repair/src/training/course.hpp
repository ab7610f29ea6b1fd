#pragma once

#include <functional>
#include <memory>

#include "data/findings.hpp"
#include "setup/checks.hpp"
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
void try_training(Trainable& model, const Settings& settings, const Pair& pair);

/// The rounds of a repair and of its control. The control has the same steps, optimiser, learning
/// rates, batch and choice of the best round, and clean training seeds alone.
class Course {
 public:
  /// `training` and `validation` are the two parts of the training seeds.
  Course(const Settings& settings, const Pair& pair, std::vector<Example> training,
         std::vector<Example> validation, std::vector<TrainingFinding> validation_findings);

  /// As before training.
  State start(Findings findings);
  /// One more round from where `state` stands.
  void go_on(State& state, const OnStage& on_stage, const StopSignal& stop);

  /// TorchScript file of a state's weights.
  std::string file(const Tensors& weights);
  std::string recognised() const { return repair_->text(); }
  bool corrects_scores() const { return repair_->corrects_scores(); }

 private:
  double best_learning_rate(const State& start, int steps, const OnStage& on_stage,
                            const StopSignal& stop);

  const Settings& settings_;
  std::vector<Example> training_;
  std::unique_ptr<Trainable> repair_, control_;
  Teacher repair_teacher_, control_teacher_;
  std::unique_ptr<ValidationSet> validation_;
};

}  // namespace dflare::repair
