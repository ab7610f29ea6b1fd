#pragma once

/// @file
/// What a repair can be told: models, seed inputs, training, re-test, gates.

#include <cstdint>
#include <optional>
#include <string>

#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"

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
struct ModelSetting {
  ModelSource source;  ///< as load() takes it
  LoadOptions load;    ///< the device must be "cpu"

  /// For messages.
  std::string name() const { return source.name(); }
};

/// All that a repair can be told.
struct Settings {
  ModelSetting original,                   ///< as it was before compression; never changed
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

}  // namespace dflare::repair
