#include "training/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/beside.hpp"
#include "training/trainer.hpp"

namespace dflare::repair {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array trial_rates = {2e-3, 1e-3, 3e-4, 1e-4};  // falling
constexpr int least_trial_steps = 100;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

int steps_of(const Training& training, std::size_t images) {
  if (!training.epochs) return training.steps;
  const double steps = *training.epochs * static_cast<double>(images) / training.batch;
  return std::max(1, static_cast<int>(std::ceil(steps)));
}

Mix clean_alone() {
  return {1, 0, 0, 0, 0};
}

}  // namespace

std::size_t best_trial(const std::vector<double>& losses) {
  constexpr double as_good = 1.15;
  const double least = *std::min_element(losses.begin(), losses.end());
  if (std::isinf(least)) return losses.size() - 1;
  const auto best = std::find_if(losses.begin(), losses.end(),
                                 [&](double loss) { return loss <= as_good * least; });
  return static_cast<std::size_t>(best - losses.begin());
}

int rounds_in_vain(const std::vector<Round>& rounds, double min_gain) {
  double least = rounds.front().validation;
  int in_vain = 0;
  for (auto round = rounds.begin() + 1; round != rounds.end(); ++round) {
    in_vain = round->validation < least * (1 - min_gain) ? 0 : in_vain + 1;
    least = std::min(least, round->validation);
  }
  return in_vain;
}

void try_training(Trainable& model, const Settings& settings, const OpenPair& pair) {
  std::vector<Example> seeds;
  for (const Seed& seed : pair.training) seeds.push_back({seed.image, seed.label});
  const TrainingImages images(std::move(seeds), settings.train.mix, settings.train.rng_seed,
                              "dry run");
  Teacher teacher(*pair.original, pair.compressed->input());
  train_round(model, teacher, images, settings.train,
              settings.train.learning_rate.value_or(trial_rates.back()), 0, 1, nullptr, {});
  model.file();
}

TrainingRun::TrainingRun(const RepairContext& context, const OpenPair& pair, const Split& split,
                         std::vector<TrainingFinding> validation)
    : context_(context),
      training_(split.training),
      repair_teacher_(*pair.original, pair.compressed->input()),
      control_teacher_(*pair.original, pair.compressed->input()) {
  const Settings& settings = context.settings;
  repair_ = open_compressed(settings, pair);
  control_ = open_compressed(settings, pair);
  TrainingImages images(split.validation, settings.train.mix, settings.train.rng_seed,
                        "validation");
  images.set_findings(std::move(validation));
  validation_ = std::make_unique<ValidationSet>(images, repair_teacher_);
}

State TrainingRun::start(Findings findings) {
  use_one_thread();
  const Validation before = validation_->of(*repair_, context_.settings.train.loss);
  State state;
  state.best = state.control_best = before.loss;
  state.repair_now = state.repair_best = weights_of(*repair_);
  state.control_now = state.control_best_weights = weights_of(*control_);
  state.findings = std::move(findings.training);
  state.validation_findings = std::move(findings.validation);
  Round round;
  round.findings = round.new_findings = state.findings.size();
  round.validation = round.control_validation = before.loss;
  round.validation_disagreements = before.disagreements;
  state.rounds = {round};
  return state;
}

/// Two trials beside each other, one on each of the two models.
double TrainingRun::best_learning_rate(const State& start, int steps) {
  const auto begin = Clock::now();
  const Training& train = context_.settings.train;
  const OnStage& on_stage = context_.on_stage;
  TrainingImages images(training_, train.mix, train.rng_seed, "trial");
  images.set_findings(start.findings);
  const int trial_steps = std::max(std::min(steps, least_trial_steps), steps / 5);
  const auto trial = [&](Trainable& model, Teacher& teacher, double rate) {
    set_weights(model, start.repair_now);
    try {
      train_round(model, teacher, images, train, rate, 0, trial_steps, nullptr, context_.stop);
    } catch (const ModelError&) {
      return std::numeric_limits<double>::infinity();  // it diverges; others may not
    }
    return validation_->of(model, train.loss).loss;
  };
  std::array<double, trial_rates.size()> losses{};
  for (std::size_t i = 0; i < trial_rates.size(); i += 2) {
    if (on_stage) {
      on_stage({"trying learning rates", i, trial_rates.size(), seconds_since(begin), ""});
    }
    auto other = beside([&] { return trial(*control_, control_teacher_, trial_rates[i + 1]); });
    losses[i] = trial(*repair_, repair_teacher_, trial_rates[i]);
    losses[i + 1] = other.get();
  }
  return trial_rates[best_trial({losses.begin(), losses.end()})];
}

void TrainingRun::go_on(State& state) {
  const auto begin = Clock::now();
  const Training& train = context_.settings.train;
  const OnStage& on_stage = context_.on_stage;
  const StopSignal& stop = context_.stop;
  const int number = state.rounds.back().number + 1;
  const int steps = steps_of(train, training_.size() + state.findings.size());
  TrainingImages images(training_, train.mix, train.rng_seed, "repair");
  images.set_findings(state.findings);
  const TrainingImages clean(training_, clean_alone(), train.rng_seed, "control");
  if (number == 1) {
    state.learning_rate =
        train.learning_rate ? *train.learning_rate : best_learning_rate(state, steps);
  }
  const double rate = state.learning_rate * std::pow(train.round_decay, number - 1);
  set_weights(*repair_, state.repair_now);
  set_weights(*control_, state.control_now);

  // Both end where either fails.
  StopSignal either;
  const auto watch = [&](int, double) {
    if (stop.requested()) either.request();
  };
  auto of_control = beside([&] {
    try {
      return train_round(*control_, control_teacher_, clean, train, rate, number, steps, watch,
                         either);
    } catch (...) {
      either.request();
      throw;
    }
  });
  const auto show = [&](int step, double loss) {
    watch(step, loss);
    if (!on_stage) return;
    on_stage({fmt::format("training, round {} of at most {}", number, train.rounds),
              static_cast<std::size_t>(step), static_cast<std::size_t>(steps), seconds_since(begin),
              fmt::format("loss {:.4f}", loss)});
  };
  Round round;
  std::exception_ptr failure;
  try {
    round.loss =
        train_round(*repair_, repair_teacher_, images, train, rate, number, steps, show, either);
  } catch (...) {
    failure = std::current_exception();
    either.request();
  }
  try {
    of_control.get();
  } catch (const Interrupted&) {
    if (!failure) throw;
  }
  if (failure) std::rethrow_exception(failure);

  const Validation repaired = validation_->of(*repair_, train.loss);
  const Validation control = validation_->of(*control_, train.loss);
  round.number = number;
  round.findings = state.findings.size();
  round.validation = repaired.loss;
  round.validation_disagreements = repaired.disagreements;
  round.control_validation = control.loss;
  round.seconds = seconds_since(begin);
  state.repair_now = weights_of(*repair_);
  state.control_now = weights_of(*control_);
  if (repaired.loss < state.best) {
    state.best = repaired.loss;
    state.best_round = number;
    state.repair_best = state.repair_now;
  }
  if (control.loss < state.control_best) {
    state.control_best = control.loss;
    state.control_best_round = number;
    state.control_best_weights = state.control_now;
  }
  state.rounds.push_back(round);
  state.finished = rounds_in_vain(state.rounds, train.min_gain) > train.patience;
}

std::string TrainingRun::file(const Tensors& weights) {
  set_weights(*repair_, weights);
  return repair_->file();
}

}  // namespace dflare::repair
