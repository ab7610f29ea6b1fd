#include "dflare/random.hpp"
#include "mutation/extents.hpp"
#include "search/strategies/strategies.hpp"

namespace dflare {
namespace {

class RandomChain : public Chain {
 public:
  RandomChain(const Options& options, const Seed& seed)
      : operators_(options.operators()),
        constraints_(options.constraints()),
        seed_(seed.image),
        queries_left_(options.queries()),
        current_(seed.image.clone()),
        random_(stream_key(options.rng_seed(), seed.id)) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    if (queries_left_ == 0) return;
    --queries_left_;
    const MutationOperator& op = operators_[static_cast<std::size_t>(
        random_.integer(0, static_cast<int>(operators_.size()) - 1))];
    const double strength = op.apply(current_, mutant_, random_);
    if (constraints_.any()) constraints_.project(seed_, mutant_);
    history_.push_back({op.name, strength, op.unit});
    mutants.push_back(mutant_);
  }

  void observe(const std::vector<Answer>&) override { std::swap(current_, mutant_); }

  std::vector<AppliedOperator> history(std::size_t) const override { return history_; }

 private:
  const MutationSet& operators_;
  const Constraints& constraints_;
  Image seed_;
  int queries_left_;
  Image current_, mutant_;
  Random random_;
  std::vector<AppliedOperator> history_;
};

/// Transformations at random, all their kinds at once, at 60 to 100 % of each range.
class RandomTransformations : public Chain {
 public:
  RandomTransformations(const Options& options, const Seed& seed)
      : extents_(options.ranges(), size_of(seed.image)),
        constraints_(options.constraints()),
        seed_(seed.image),
        queries_left_(options.queries()),
        random_(stream_key(options.rng_seed(), seed.id)) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    constexpr int kMostTries = 1000;  // in a row that the constraints refuse
    constexpr double kLowestShare = 0.6;
    for (int tries = 0; queries_left_ > 0 && tries < kMostTries; ++tries) {
      transformation_ = extents_.transformation(extents_.draw_all(random_, kLowestShare));
      const Image mutant = transformation_.apply(seed_);
      if (!constraints_.allow(seed_, mutant)) continue;
      --queries_left_;
      return mutants.push_back(mutant);
    }
  }

  void observe(const std::vector<Answer>&) override {}

  std::vector<AppliedOperator> history(std::size_t) const override { return {}; }
  std::optional<Transformation> transformation(std::size_t) const override {
    return transformation_;
  }

 private:
  Extents extents_;
  const Constraints& constraints_;
  Image seed_;
  int queries_left_;
  Random random_;
  Transformation transformation_;
};

/// One random operator after another, whatever the models answer: a walk without a goal, as a
/// baseline. With ranges, one random transformation after another.
class RandomStrategy : public Strategy {
 public:
  explicit RandomStrategy(const Options& options) : options_(options) {}
  std::unique_ptr<Chain> start(const Seed& seed, const Answer&) const override {
    if (options_.ranges().any()) return std::make_unique<RandomTransformations>(options_, seed);
    return std::make_unique<RandomChain>(options_, seed);
  }

 private:
  Options options_;
};

}  // namespace

BuiltInStrategy random_strategy() {
  return {[](const Options& options) -> std::unique_ptr<Strategy> {
            return std::make_unique<RandomStrategy>(options);
          },
          true};
}

}  // namespace dflare
