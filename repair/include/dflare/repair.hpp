#pragma once

/// @file
/// Repair: trains a compressed model until it deviates less.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"
#include "dflare/statistics.hpp"

/// Repair of a compressed model.
namespace dflare::repair {

/// How the compressed model is trained.
enum class Approach {
  automatic,  ///< its weights where they can be trained, else a corrector
  weights,    ///< its own weights; an error where they cannot be trained
  corrector,  ///< a small network on top of its scores; the model itself stays as it is
};

/// Whether what is recognised in a weight tensor stays.
enum class Keep {
  automatic,  ///< where it is recognised
  always,     ///< an error where it is not
  never,      ///< all weights may change
};

/// What of the compressed model is trained, and what must stay.
struct Kind {
  Approach approach = Approach::automatic;  ///< weights or corrector
  Keep zeros = Keep::automatic;             ///< weights that are zero stay zero
  Keep grid = Keep::automatic;              ///< weights stay on their k-bit grid
};

/// What is minimised: a sum of these, each with its weight, over the images of a batch.
struct Loss {
  /// KL(original || compressed) at `temperature`, times the temperature's square (Hinton et al.,
  /// arXiv 1503.02531).
  double divergence = 1;
  /// Mean squared difference of the logits, each image's shifted to mean 0.
  double logits = 0.05;
  double temperature = 1;  ///< of the divergence, above 0; above 1: softer
  /// Images on which the original says the true label weigh 1 + focal, where labels are known
  /// (focal distillation: Yan et al., Positive-Congruent Training, CVPR 2021).
  double focal = 0;
  double label = 0;  ///< cross entropy with the true label, where known
};

/// Shares of a batch; scaled to add up to 1. Shares of what there is none of go to the others.
struct Mix {
  double clean = 0.2;            ///< training seeds as they are
  double blends = 0.3;           ///< of two training seeds
  double transformations = 0.2;  ///< random ones of training seeds
  double mutants = 0.1;          ///< training seeds after one to three mutation operators
  double findings = 0.2;         ///< triggering inputs, those of larger regret more often
};

/// The rule by which the weights move.
enum class Optimiser { adam, sgd };
/// What training makes of batch normalisation.
enum class BatchNorm {
  evaluate,  ///< running statistics stay as they are
  train,     ///< and are updated, as in ordinary training
};

/// How long and by what rule the compressed model is trained.
struct Training {
  int rounds = 3;                ///< at most
  int patience = 1;              ///< rounds in a row that may fail to help, and another one follows
  int steps = 700;               ///< batches a round
  std::optional<double> epochs;  ///< instead of steps: times the training images, a round
  int batch = 128;               ///< images a batch, at least 2
  /// At the beginning of the first round. Not given: of 0.002, 0.001, 0.0003 and 0.0001 the highest
  /// that comes within 15 % of the best on the validation images after a fifth of a round.
  std::optional<double> learning_rate;
  double round_decay = 1;                 ///< of the learning rate, from round to round
  Optimiser optimiser = Optimiser::adam;  ///< of the weights
  double momentum = 0.9;                  ///< of sgd
  double weight_decay = 0;                ///< pulls the weights to zero; 0 or more
  Loss loss;                              ///< what is minimised
  Mix mix;                                ///< what the batches are made of
  double validation = 0.15;  ///< share of the training seeds that choose the best round
  double min_gain = 0.01;    ///< a round helps if the validation loss falls by this share
  BatchNorm batch_norm = BatchNorm::evaluate;  ///< of models that have such layers
  std::uint64_t rng_seed = 1;                  ///< other values give other random batches
};

/// What the re-test searches on the unseen seeds. Queries a seed input; 0: not searched.
struct Retest {
  int first_queries = 1000;   ///< for the first deviation
  int worst_queries = 40;     ///< for the worst deviation
  int everyday_queries = 20;  ///< of everyday()
  int dflare_queries = 200;   ///< of the strategy `dflare`
};

/// What must hold for the repaired model to be written. Whether the compression is what it was, and
/// that anything was found, is asked always.
struct Gates {
  double min_repaired = 0.5;         ///< share of the worst unseen triggering inputs
  double min_repaired_first = 0;     ///< of the first ones
  double max_accuracy_drop = 0.001;  ///< on the labelled test set, as a share
  /// Share of the test set (else of the unseen seeds) on which the labels agree with the
  /// original's; not given: what it was before.
  std::optional<double> min_agreement;
  double max_worst_regret = 1;             ///< mean of a fresh search, as a share of that before
  std::optional<double> max_worst_margin;  ///< likewise of the margin; not given: not judged
};

/// A model, and how it is fed. The one to repair is a TorchScript file.
struct ModelFile {
  ModelSource source;  ///< as load() takes it
  LoadOptions load;    ///< the device must be "cpu"

  /// For messages.
  std::string name() const { return source.name(); }
};

/// All that a repair can be told.
struct Settings {
  ModelFile original,                      ///< as it was before compression; never changed
      compressed;                          ///< to be repaired
  SeedSet training = SeedSet::images({});  ///< searched and trained on
  SeedSet unseen = SeedSet::images({});    ///< of the re-test; no image may be in `training`
  std::optional<SeedSet> test;             ///< for agreement, and accuracy where it has labels
  /// Folder of findings on this pair to train on instead of searching first; empty: search.
  std::string corpus;
  Options search = default_search();  ///< on the training seeds
  Kind kind;                          ///< what is trained, what stays
  Training train;                     ///< how
  Retest retest;                      ///< how the result is judged
  Gates gates;                        ///< and whether it is written
  std::string out;                    ///< folder
  std::string repaired;               ///< file; empty: repaired.pt in `out`
  bool overwrite_input = false;       ///< `repaired` may be the compressed model's own file
  bool resume = false;                ///< go on after the last finished round in `out`
  int workers = 0;                    ///< 0: one a core

  /// Objective worst, 40 queries a seed input, criterion regret: a compressed model that ties the
  /// original's label with another class triggers as well, which it does not by label.
  static Options default_search();
  /// Throws ConfigError naming the first setting that makes no sense, and what was expected.
  void check() const;
};

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

/// What a repair does at the moment.
struct Stage {
  std::string name;      ///< "searching the training seeds"
  std::size_t done = 0,  ///< steps, seeds or trials of the stage
      all = 0;           ///< 0: not known
  double seconds = 0;    ///< since the stage began
  std::string detail;    ///< "loss 0.012"; may be empty
};

/// Called from any thread, never from two at once.
using OnStage = std::function<void(const Stage&)>;

/// Finds triggering inputs, trains the compressed model, tests it again, and writes the file, the
/// reports and the findings into `out`. Same settings, same result, byte for byte on one machine.
/// Throws ConfigError, SeedError, ModelError, FindingError; Interrupted after `stop` was requested.
/// In all these cases no model is written, and what was written before stays.
Result repair(const Settings& settings, const OnStage& on_stage = nullptr,
              const StopSignal& stop = {});

/// The checks of repair() without searching, and one batch of training on a copy that is thrown
/// away: what passes can be trained. Writes nothing. Returns what was recognised, and what else a
/// user should know.
std::string dry_run(const Settings& settings);

/// repair() was asked to stop; finished rounds are kept for Settings::resume.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// A result as report.txt has it.
std::string report_text(const Settings& settings, const Result& result);
/// A result as report.json has it.
std::string report_json(const Settings& settings, const Result& result);

}  // namespace dflare::repair
