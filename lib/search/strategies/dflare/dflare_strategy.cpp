#include <algorithm>
#include <cmath>

#include "dflare/random.hpp"
#include "search/options/rows.hpp"
#include "search/strategies/dflare/novelty.hpp"
#include "search/strategies/dflare/operator_choice.hpp"
#include "search/strategies/strategies.hpp"

namespace dflare {
namespace {

/// Each model's probability of its own top label, the original's less the compressed one's.
double top_difference(const Answer& answer) {
  const auto top = [](ScoreRow row) { return *std::max_element(row.data, row.data + row.classes); };
  return static_cast<double>(top(answer.original)) - top(answer.compressed);
}

/// The two rules of when a mutant becomes the next image; docs/strategies.md.
class AcceptanceRule {
 public:
  AcceptanceRule(Acceptance kind, bool novelty, const Answer& first)
      : kind_(kind), novelty_(novelty), best_(top_difference(first)), last_(std::abs(best_)) {
    states_.add_if_new(first);
  }

  bool accepts(const Answer& answer) {
    const bool is_new = novelty_ && states_.add_if_new(answer);
    return kind_ == Acceptance::published ? published(answer, is_new) : reference(answer, is_new);
  }

 private:
  bool published(const Answer& answer, bool is_new) {
    const double fitness = top_difference(answer) + (is_new ? 1.0 : 0.0);
    if (fitness < best_) return false;
    best_ = fitness;
    return true;
  }

  bool reference(const Answer& answer, bool is_new) {
    constexpr double kMove = 1e-3;  // the authors' program's
    const double difference = std::abs(top_difference(answer));
    if (!is_new && std::abs(difference - last_) <= kMove) return false;
    last_ = difference;
    return true;
  }

  Acceptance kind_;
  bool novelty_;
  NoveltyStates states_;
  double best_;  // fitness so far
  double last_;  // absolute difference of the current image
};

class DflareChain : public Chain {
 public:
  DflareChain(const Options& options, const Seed& seed, const Answer& first)
      : operators_(options.operators()),
        constraints_(options.constraints()),
        seed_(seed.image),
        queries_left_(options.queries()),
        current_(seed.image.clone()),
        random_(stream_key(options.rng_seed(), seed.id)),
        choice_(operators_.size(), options.metropolis_hastings()),
        rule_(options.acceptance(), options.novelty(), first) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    if (queries_left_ == 0) return;
    --queries_left_;
    const std::size_t op = choice_.next(random_);
    last_ = {op, operators_[op].apply(current_, mutant_, random_)};
    if (constraints_.any()) constraints_.project(seed_, mutant_);
    mutants.push_back(mutant_);
  }

  void observe(const std::vector<Answer>& answers) override {
    const bool accepted = rule_.accepts(answers.front());
    choice_.record(accepted);
    if (!accepted) return;
    std::swap(current_, mutant_);
    accepted_.push_back(last_);
  }

  std::vector<AppliedOperator> history(std::size_t) const override {
    std::vector<AppliedOperator> applied;
    for (const Step& step : accepted_) applied.push_back(describe(step));
    applied.push_back(describe(last_));
    return applied;
  }

 private:
  struct Step {
    std::size_t op;
    double strength;
  };
  AppliedOperator describe(const Step& step) const {
    return {operators_[step.op].name, step.strength, operators_[step.op].unit};
  }

  const MutationSet& operators_;
  const Constraints& constraints_;
  Image seed_;
  int queries_left_;
  Image current_, mutant_;
  Random random_;
  OperatorChoice choice_;
  AcceptanceRule rule_;
  Step last_{};
  std::vector<Step> accepted_;
};

/// DFLARE (Tian et al., ACM TOSEM 2023): mutation, operators chosen by Metropolis-Hastings, fitness
/// from both models' probabilities.
class DflareStrategy : public Strategy {
 public:
  explicit DflareStrategy(const Options& options) : options_(options) {}
  std::unique_ptr<Chain> start(const Seed& seed, const Answer& first) const override {
    return std::make_unique<DflareChain>(options_, seed, first);
  }

 private:
  Options options_;
};

std::vector<OptionRow> dflare_options() {
  return {
      option_row<Acceptance>(
          {"acceptance",
           "When `dflare` takes a mutant as its next image: as the authors' program or as the "
           "paper.",
           OptionRole::search, heading::of_the_paper},
          choice_kind<Acceptance>(
              {{"reference", Acceptance::reference}, {"published", Acceptance::published}}),
          &Options::acceptance, &Options::acceptance),
      truth_row({"metropolis_hastings",
                 "Whether `dflare` learns which operators to use; false: uniformly at random "
                 "(ablation).",
                 OptionRole::search, heading::of_the_paper},
                &Options::metropolis_hastings, &Options::metropolis_hastings),
      truth_row({"novelty",
                 "Whether the fitness of `dflare` rewards a new state; false: the ablation without "
                 "it.",
                 OptionRole::search, heading::of_the_paper},
                &Options::novelty, &Options::novelty),
  };
}

}  // namespace

BuiltInStrategy dflare_strategy() {
  return {[](const Options& options) -> std::unique_ptr<Strategy> {
            return std::make_unique<DflareStrategy>(options);
          },
          false, dflare_options()};
}

}  // namespace dflare
