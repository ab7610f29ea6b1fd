#include <algorithm>

#include "dflare/error.hpp"
#include "judging/goal.hpp"
#include "search/ascent/ascent.hpp"
#include "search/descent/descent.hpp"
#include "search/options/rows.hpp"
#include "search/strategies/boundary/source.hpp"
#include "search/strategies/strategies.hpp"

namespace dflare {
namespace {

constexpr std::size_t kSample = 300;  // seed inputs that `blend` chooses from

/// Whether the nearest crossing is not what is looked for.
bool climbs(const Options& options) {
  return row_of(options.objective()).by_severity || !options.criterion().only_label();
}

class BoundaryChain : public Chain {
 public:
  BoundaryChain(const Options& options, const StrategyContext& context, PathKind kind,
                const Seed& seed, const Answer& first)
      : context_{options,
                 context,
                 seed,
                 LogRatio(first, top_label(first.original)),
                 {},
                 0,
                 Random(stream_key(options.rng_seed(), seed.id))},
        queries_left_(options.queries()),
        steps_(first) {
    context_.first = context_.values(first);
    context_.runner_up = context_.values.best_other(first.original);
    source_ = source_of(kind);
  }

  void propose(std::vector<Image>& mutants, Gradients& gradients) override {
    if (queries_left_ == 0) return;
    if (!on_path() && !from_source(gradients)) return;
    --queries_left_;
    mutants.push_back(mutant_);
  }

  void observe(const std::vector<Answer>& answers) override {
    const Values values = context_.values(answers.front());
    steps_.observe(values);
    if (deviates(answers.front()) && !goes_on(values)) {
      // Found: only what other paths hold is of interest now.
      leave_path();
    } else if (bracket_) {
      crossing_->observe({t_, values});
    } else {
      source_->observe(answers.front(), values);
    }
  }

  std::vector<AppliedOperator> history(std::size_t) const override {
    if (!bracket_) return source_->history();
    std::vector<AppliedOperator> all = bracket_->before;
    for (AppliedOperator& applied : bracket_->path->history(t_)) all.push_back(std::move(applied));
    return all;
  }
  std::optional<Transformation> transformation(std::size_t) const override {
    return bracket_ ? bracket_->path->transformation(t_) : source_->transformation();
  }
  int paths() const override { return source_->paths(); }

 private:
  std::unique_ptr<BracketSource> source_of(PathKind kind) {
    switch (kind) {
      case PathKind::gradient:
        // A gradient may be 0, or lead nowhere; who asks for gradients alone is told so.
        return context_.options.path() == PathKind::gradient
                   ? make_gradient_source(context_)
                   : one_after_another(make_gradient_source(context_),
                                       make_transform_source(context_));
      case PathKind::blend:
        // There may be no seed input of another label.
        return one_after_another(make_blend_source(context_), make_transform_source(context_));
      case PathKind::mutation:
        return make_mutation_source(context_);
      default:
        return make_transform_source(context_);
    }
  }

  /// Chooses the next image on the path at hand; false if there is none.
  bool on_path() {
    if (!bracket_) return false;
    if (const auto look = crossing_->next()) {
      if (look->new_dither) bracket_->path->dither(context_.new_key());
      t_ = look->t;
      mutant_ = bracket_->path->at(t_);
      return true;
    }
    source_->ended(std::move(*bracket_), crossing_->low().t);
    bracket_.reset();
    return false;
  }

  /// One model is much surer than the other: the margin is larger nearer to the other's side.
  static bool lopsided(const Values& values) {
    constexpr double kEven = 0.3;
    return std::abs(values.sum()) >
           kEven * (std::abs(values.original) + std::abs(values.compressed));
  }

  /// The compressed model's root, where the regret is largest, is further than need be. Each value
  /// is measured by that of the seed input, for one model's logits may be flat.
  bool far_from_regret(const Values& values) const {
    constexpr double kNear = 0.3, kNone = 1e-9;
    const Values& first = context_.first;
    return std::abs(values.compressed) * std::max(first.original, kNone) >
           kNear * std::abs(values.original) * std::max(first.compressed, kNone);
  }

  /// Whether the path holds a worse deviation than this one.
  bool goes_on(const Values& values) const {
    if (!bracket_) return false;
    const bool regret = context_.options.criterion().severity() == Severity::regret;
    return regret ? far_from_regret(values) : lopsided(values);
  }

  void leave_path() {
    if (bracket_) {
      bracket_.reset();
    } else {
      source_->skip();
    }
  }

  bool from_source(Gradients& gradients) {
    BracketSource::Step step = source_->next(gradients);
    if (step.bracket) {
      bracket_ = std::move(step.bracket);
      steps_.aim_at_compressed(
          climbs(context_.options) && context_.options.criterion().severity() == Severity::regret &&
          bracket_->low.values.compressed > 0 && bracket_->high.values.compressed < 0);
      crossing_.emplace(bracket_->low, bracket_->high, steps_, bracket_->guess);
      return on_path();
    }
    mutant_ = step.mutant;
    return !mutant_.empty();
  }

  ChainContext context_;
  int queries_left_;
  std::unique_ptr<BracketSource> source_;
  std::optional<Bracket> bracket_;
  Steps steps_;
  std::optional<Crossing> crossing_;
  double t_ = 0;
  Image mutant_;
};

/// Two models that differ do so where the original changes its mind: follows paths that lead there,
/// and looks between the two models' own crossing points. docs/strategies.md.
class BoundaryStrategy : public Strategy {
 public:
  explicit BoundaryStrategy(const Options& options) : options_(options), kind_(options.path()) {}

  std::size_t sample_size() const override {
    return kind_ == PathKind::blend || (kind_ == PathKind::automatic && climbs(options_)) ? kSample
                                                                                          : 0;
  }

  void prepare(StrategyContext context) override {
    context_ = std::move(context);
    if (kind_ == PathKind::gradient && !context_.original_has_gradients) {
      throw ConfigError("the original '" + context_.original_name +
                        "' has no gradients, which option path: gradient needs; use path: "
                        "transform or blend, which need none");
    }
    if (kind_ == PathKind::automatic) {
      kind_ = options_.ranges().any()           ? PathKind::transform
              : climbs(options_)                ? PathKind::blend
              : context_.original_has_gradients ? PathKind::gradient
                                                : PathKind::transform;
    }
  }

  std::unique_ptr<Chain> start(const Seed& seed, const Answer& first) const override {
    std::unique_ptr<Chain> chain = chain_from(seed, first);
    if (row_of(options_.objective()).by_distance)
      return make_descent(options_, seed, first, std::move(chain),
                          follows_gradients() && context_.original_has_gradients);
    return chain;
  }

 private:
  /// Once paths have led somewhere.
  bool follows_gradients() const {
    return options_.path() == PathKind::automatic || options_.path() == PathKind::gradient;
  }

  std::unique_ptr<Chain> chain_from(const Seed& seed, const Answer& first) const {
    if (climbs(options_) && kind_ == PathKind::transform)
      return make_range_ascent(options_, seed, first);
    auto paths = std::make_unique<BoundaryChain>(options_, context_, kind_, seed, first);
    if (!climbs(options_)) return paths;
    const bool gradients =
        follows_gradients() && context_.original_has_gradients && context_.compressed_has_gradients;
    return make_image_ascent(options_, context_, seed, first, std::move(paths), gradients);
  }

  Options options_;
  PathKind kind_;
  StrategyContext context_;
};

std::vector<OptionRow> boundary_options() {
  return {option_row<PathKind>(
      {"path",
       "What leads `boundary` to where the original changes its mind; auto: transform where ranges "
       "are given, blend to climb, else gradient where the original has gradients, else transform.",
       OptionRole::search, heading::searched},
      choice_kind<PathKind>({{"auto", PathKind::automatic},
                             {"transform", PathKind::transform},
                             {"blend", PathKind::blend},
                             {"gradient", PathKind::gradient},
                             {"mutation", PathKind::mutation}}),
      &Options::path, &Options::path)};
}

}  // namespace

BuiltInStrategy boundary_strategy() {
  return {[](const Options& options) -> std::unique_ptr<Strategy> {
            return std::make_unique<BoundaryStrategy>(options);
          },
          true, boundary_options()};
}

}  // namespace dflare
