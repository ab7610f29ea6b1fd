#include "dflare/random.hpp"
#include "search/strategies.hpp"

namespace dflare {
namespace {

class RandomChain : public Chain {
 public:
  RandomChain(const Options& options, const Seed& seed)
      : operators_(options.operators()),
        queries_left_(options.queries()),
        current_(seed.image.clone()),
        random_(stream_key(options.rng_seed(), seed.id)) {}

  void propose(std::vector<Image>& mutants) override {
    if (queries_left_ == 0) return;
    --queries_left_;
    const MutationOperator& op = operators_[static_cast<std::size_t>(
        random_.integer(0, static_cast<int>(operators_.size()) - 1))];
    const double strength = op.apply(current_, mutant_, random_);
    history_.push_back({op.name, strength, op.unit});
    mutants.push_back(mutant_);
  }

  void observe(const std::vector<Answer>&) override { std::swap(current_, mutant_); }

  std::vector<AppliedOperator> history(std::size_t) const override { return history_; }

 private:
  const MutationSet& operators_;
  int queries_left_;
  Image current_, mutant_;
  Random random_;
  std::vector<AppliedOperator> history_;
};

class RandomStrategy : public Strategy {
 public:
  explicit RandomStrategy(const Options& options) : options_(options) {}
  std::unique_ptr<Chain> start(const Seed& seed, const Answer&) const override {
    return std::make_unique<RandomChain>(options_, seed);
  }

 private:
  Options options_;
};

}  // namespace

std::unique_ptr<Strategy> make_random_strategy(const Options& options) {
  return std::make_unique<RandomStrategy>(options);
}

}  // namespace dflare
