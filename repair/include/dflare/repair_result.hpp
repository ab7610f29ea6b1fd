#pragma once

/// @file
/// What a repair found, did and measured.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dflare/statistics.hpp"

namespace dflare::repair {

/// On how many of some triggering inputs the compressed model now says nothing else than the
/// original: deviation_regret() is 0. Where it is merely unsure, a tie, the input is not repaired.
struct Repaired {
  std::size_t inputs = 0,  ///< triggering inputs of the model as it was before
      repaired = 0;        ///< of them: those repaired
  std::vector<bool> each;  ///< the same, for each input
  /// 0 to 1; 0 where there is no input.
  double share() const { return inputs == 0 ? 0 : double(repaired) / double(inputs); }
  Interval interval() const;  ///< 95 %, Clopper and Pearson
};

/// What can be read off a model file.
struct Facts {
  std::size_t bytes = 0;                ///< size of the file
  std::size_t weights = 0;              ///< of convolutions and linear layers
  std::size_t zeros = 0;                ///< of them
  std::size_t distinct = 0;             ///< distinct values, summed over the tensors
  std::size_t quantised_operators = 0;  ///< of an int8 model
};

/// One model against the original, as the re-test sees it.
struct Measured {
  std::string name;                     ///< "before", "repaired", "control"
  std::string sha256;                   ///< of the file
  Facts facts;                          ///< read off the file
  std::optional<Repaired> first,        ///< of the unseen first triggering inputs of `before`
      worst;                            ///< of the worst ones; both: none for `before` itself
  std::optional<Summary> first_search,  ///< a fresh one; none where Retest says 0
      worst_search,                     ///< likewise
      everyday_search,                  ///< likewise
      dflare_search;                    ///< likewise
  std::size_t agreement_images = 0,     ///< on which labels were compared with the original's
      agreements = 0;                   ///< of them: deviation_regret() is 0
  bool agreement_on_test_set = false;   ///< else on the unseen seeds
  std::optional<double> accuracy;       ///< on the test set, 0 to 1; none where it has no labels
};

/// A round of training, of the repair and of the control.
struct Round {
  int number = 0;                            ///< from 1; 0: before training
  std::size_t findings = 0;                  ///< that were there to train on
  std::size_t new_findings = 0;              ///< of them: that the last round's model gave
  double loss = 0,                           ///< of training, mean over the last tenth of the steps
      validation = 0,                        ///< loss on the validation images after the round
      control_validation = 0;                ///< the control's
  std::size_t validation_disagreements = 0;  ///< validation images on which the top classes differ
  double seconds = 0;                        ///< wall time of the round
};

/// One condition for the repaired model to be written, as it was judged.
struct Gate {
  std::string name,  ///< "min_repaired"
      text;          ///< "57.3 % of the worst unseen triggering inputs repaired; at least 50.0 %"
  bool met = false;  ///< whether it holds
};

/// How a repair ended.
enum class Verdict {
  repaired,       ///< all gates met; the file is written
  gates_not_met,  ///< nothing is written
  nothing_found,  ///< no triggering input; nothing to repair
};

/// What a repair found, did and measured.
struct Result {
  Verdict verdict = Verdict::gates_not_met;  ///< how it ended
  std::string recognised;      ///< what the compressed model is, in words, one line a finding
  std::vector<Round> rounds;   ///< the first is number 0, before training
  int best_round = 0,          ///< the one whose weights were taken; 0: none helped
      control_best_round = 0;  ///< the control's
  double learning_rate = 0;    ///< of the first round
  Measured before,             ///< the compressed model as it was
      repaired,                ///< as it is now
      control;                 ///< trained likewise, but on clean training seeds alone
  std::optional<double> original_accuracy;  ///< on the test set, 0 to 1; none without labels
  std::vector<Gate> gates;                  ///< in the order of the report
  std::vector<std::string> remarks;         ///< such as: the model seems to lack the capacity
  std::string repaired_file;                ///< where it was written; empty: it was not
  std::size_t training_seeds = 0,           ///< how many there were
      unseen_seeds = 0;                     ///< likewise
  double seconds = 0;                       ///< wall time
};

}  // namespace dflare::repair
