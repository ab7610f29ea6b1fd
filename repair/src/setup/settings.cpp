#include <cmath>
#include <limits>

#include "dflare/repair.hpp"
#include "setup/settings_rows.hpp"

namespace dflare::repair {
namespace {

// Of settings, const or not.
#define DFLARE_PLACE(field)     \
  [](auto& settings) -> auto& { \
    return settings.field;      \
  }

const auto finite_at_least = [](double least) {
  return [least](double v) { return std::isfinite(v) && v >= least; };
};
const auto within = [](double least, double most) {
  return [=](double v) { return v >= least && v <= most; };
};
const auto above = [](double bound, double most) {
  return [=](double v) { return std::isfinite(v) && v > bound && v <= most; };
};
constexpr double no_limit = std::numeric_limits<double>::max();
const char* const positive = "a number above 0";
const char* const weight = "a number, 0 or more";
const char* const share = "a share, 0 to 1";
const char* const count = "a whole number, 0 or more";

std::vector<SettingRow> of_the_kind() {
  const std::vector<std::pair<std::string, Keep>> keep = {
      {"auto", Keep::automatic}, {"keep", Keep::always}, {"free", Keep::never}};
  return {
      choice_setting(
          {"kind.approach",
           "What is trained: the model's weights, or a corrector on top of its scores; "
           "auto: the weights where they can be trained.",
           SettingRole::training},
          DFLARE_PLACE(kind.approach),
          std::vector<std::pair<std::string, Approach>>{{"auto", Approach::automatic},
                                                        {"weights", Approach::weights},
                                                        {"corrector", Approach::corrector}}),
      choice_setting({"kind.zeros",
                      "Whether weights that are zero stay zero; auto: where pruning is recognised.",
                      SettingRole::training},
                     DFLARE_PLACE(kind.zeros), keep),
      choice_setting(
          {"kind.grid", "Whether weights stay on their k-bit grid; auto: where one is recognised.",
           SettingRole::training},
          DFLARE_PLACE(kind.grid), keep),
  };
}

std::vector<SettingRow> of_training() {
  return {
      number_setting({"train.rounds", "Rounds of training at most.", SettingRole::training},
                     "a whole number, 1 to 100", DFLARE_PLACE(train.rounds), within(1, 100)),
      number_setting(
          {"train.patience", "Rounds in a row that may fail to help, and another one follows.",
           SettingRole::training},
          "a whole number, 0 to 100", DFLARE_PLACE(train.patience), within(0, 100)),
      number_setting({"train.steps", "Batches a round.", SettingRole::training},
                     "a whole number, 1 or more", DFLARE_PLACE(train.steps), finite_at_least(1)),
      optional_setting(
          {"train.epochs", "Instead of steps: how often the training images go through, a round.",
           SettingRole::training},
          "none", positive, DFLARE_PLACE(train.epochs), above(0, no_limit)),
      number_setting({"train.batch", "Images a batch.", SettingRole::training},
                     "a whole number, 2 or more", DFLARE_PLACE(train.batch), finite_at_least(2)),
      optional_setting(
          {"train.learning_rate",
           "At the beginning of the first round; auto: the best of four in short trials.",
           SettingRole::training},
          "auto", positive, DFLARE_PLACE(train.learning_rate), above(0, no_limit)),
      number_setting({"train.round_decay", "Of the learning rate, from round to round.",
                      SettingRole::training},
                     "a factor above 0, at most 1", DFLARE_PLACE(train.round_decay), above(0, 1)),
      choice_setting(
          {"train.optimiser", "The rule by which the weights move.", SettingRole::training},
          DFLARE_PLACE(train.optimiser),
          std::vector<std::pair<std::string, Optimiser>>{{"adam", Optimiser::adam},
                                                         {"sgd", Optimiser::sgd}}),
      number_setting({"train.momentum", "Of the optimiser sgd.", SettingRole::training},
                     "a number from 0 to below 1", DFLARE_PLACE(train.momentum),
                     [](double v) { return v >= 0 && v < 1; }),
      number_setting({"train.weight_decay", "Pulls the weights to zero.", SettingRole::training},
                     weight, DFLARE_PLACE(train.weight_decay), finite_at_least(0)),
      number_setting(
          {"train.loss.divergence", "Weight of the divergence between the two models' scores.",
           SettingRole::training},
          weight, DFLARE_PLACE(train.loss.divergence), finite_at_least(0)),
      number_setting({"train.loss.logits", "Weight of the squared difference of their logits.",
                      SettingRole::training},
                     weight, DFLARE_PLACE(train.loss.logits), finite_at_least(0)),
      number_setting(
          {"train.loss.temperature", "Of the divergence; above 1: softer.", SettingRole::training},
          positive, DFLARE_PLACE(train.loss.temperature), above(0, no_limit)),
      number_setting({"train.loss.focal",
                      "Images on which the original is right weigh 1 + focal; needs labels.",
                      SettingRole::training},
                     weight, DFLARE_PLACE(train.loss.focal), finite_at_least(0)),
      number_setting({"train.loss.label",
                      "Weight of the cross entropy with the true label, where it is known.",
                      SettingRole::training},
                     weight, DFLARE_PLACE(train.loss.label), finite_at_least(0)),
      number_setting({"train.mix.clean", "Share of training seeds as they are in a batch.",
                      SettingRole::training},
                     share, DFLARE_PLACE(train.mix.clean), within(0, 1)),
      number_setting(
          {"train.mix.blends", "Of blends of two training seeds.", SettingRole::training}, share,
          DFLARE_PLACE(train.mix.blends), within(0, 1)),
      number_setting(
          {"train.mix.transformations", "Of transformed training seeds.", SettingRole::training},
          share, DFLARE_PLACE(train.mix.transformations), within(0, 1)),
      number_setting({"train.mix.mutants", "Of mutated training seeds.", SettingRole::training},
                     share, DFLARE_PLACE(train.mix.mutants), within(0, 1)),
      number_setting({"train.mix.findings", "Of triggering inputs.", SettingRole::training}, share,
                     DFLARE_PLACE(train.mix.findings), within(0, 1)),
      number_setting({"train.validation", "Share of the training seeds that choose the best round.",
                      SettingRole::training},
                     "a share above 0, at most 0.5", DFLARE_PLACE(train.validation), above(0, 0.5)),
      number_setting({"train.min_gain", "A round helps if the validation loss falls by this share.",
                      SettingRole::training},
                     "a share from 0 to below 1", DFLARE_PLACE(train.min_gain),
                     [](double v) { return v >= 0 && v < 1; }),
      choice_setting(
          {"train.batch_norm",
           "Whether running statistics stay as they are (evaluate) or are updated (train).",
           SettingRole::training},
          DFLARE_PLACE(train.batch_norm),
          std::vector<std::pair<std::string, BatchNorm>>{{"evaluate", BatchNorm::evaluate},
                                                         {"train", BatchNorm::train}}),
      number_setting(
          {"train.rng_seed", "Other values give other random batches.", SettingRole::training},
          count, DFLARE_PLACE(train.rng_seed), finite_at_least(0)),
  };
}

std::vector<SettingRow> of_what_follows() {
  return {
      number_setting({"retest.first_queries",
                      "Queries an unseen seed for the first deviation; 0: not searched.",
                      SettingRole::judging},
                     count, DFLARE_PLACE(retest.first_queries), finite_at_least(0)),
      number_setting({"retest.worst_queries", "For the worst deviation.", SettingRole::judging},
                     count, DFLARE_PLACE(retest.worst_queries), finite_at_least(0)),
      number_setting({"retest.everyday_queries", "Of the preset everyday.", SettingRole::judging},
                     count, DFLARE_PLACE(retest.everyday_queries), finite_at_least(0)),
      number_setting({"retest.dflare_queries", "Of the strategy dflare.", SettingRole::judging},
                     count, DFLARE_PLACE(retest.dflare_queries), finite_at_least(0)),
      number_setting({"gates.min_repaired",
                      "The least share of the worst unseen triggering inputs that is repaired.",
                      SettingRole::judging},
                     share, DFLARE_PLACE(gates.min_repaired), within(0, 1)),
      number_setting({"gates.min_repaired_first", "Of the first ones.", SettingRole::judging},
                     share, DFLARE_PLACE(gates.min_repaired_first), within(0, 1)),
      number_setting(
          {"gates.max_accuracy_drop", "How much accuracy may be lost on a labelled test set.",
           SettingRole::judging},
          share, DFLARE_PLACE(gates.max_accuracy_drop), within(0, 1)),
      optional_setting(
          {"gates.min_agreement", "The least agreement with the original; before: what it was.",
           SettingRole::judging},
          "before", share, DFLARE_PLACE(gates.min_agreement), within(0, 1)),
      number_setting(
          {"gates.max_worst_regret",
           "Mean worst regret of a fresh search, as a share of that before.", SettingRole::judging},
          weight, DFLARE_PLACE(gates.max_worst_regret), finite_at_least(0)),
      optional_setting(
          {"gates.max_worst_margin", "The same of the mean worst margin; none: not judged.",
           SettingRole::judging},
          "none", weight, DFLARE_PLACE(gates.max_worst_margin), finite_at_least(0)),
      choice_setting({"overwrite_input", "Whether repaired may be the compressed model's own file.",
                      SettingRole::program},
                     DFLARE_PLACE(overwrite_input),
                     std::vector<std::pair<std::string, bool>>{{"true", true}, {"false", false}}),
      number_setting({"workers", "Threads; changes no result.", SettingRole::program},
                     "0 (one a core) to 1024", DFLARE_PLACE(workers), within(0, 1024)),
  };
}

}  // namespace

const std::vector<SettingRow>& settings_table() {
  static const std::vector<SettingRow> table = [] {
    std::vector<SettingRow> rows = of_the_kind();
    for (const auto& more : {of_training(), of_what_follows()})
      rows.insert(rows.end(), more.begin(), more.end());
    return rows;
  }();
  return table;
}

Options Settings::default_search() {
  constexpr double any = 1e-6;
  return Options().objective(Objective::worst).queries(40).regret(any);
}

}  // namespace dflare::repair
