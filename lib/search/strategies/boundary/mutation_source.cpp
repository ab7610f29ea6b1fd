#include "search/strategies/boundary/line_path.hpp"
#include "search/strategies/boundary/source.hpp"

namespace dflare {
namespace {

/// Mutates the seed image again and again, keeps what lowers the original's value, and follows the
/// line from the last image that was kept to the first that crosses the boundary.
class MutationSource : public BracketSource {
 public:
  explicit MutationSource(ChainContext& chain) : chain_(chain) { restart(); }

  Step next(Gradients&) override {
    if (bracket_) {
      restart();
      return give(bracket_);
    }
    const MutationSet& operators = chain_.options.operators();
    const auto op =
        static_cast<std::size_t>(chain_.random.integer(0, static_cast<int>(operators.size()) - 1));
    Image mutant;
    const double strength = operators[op].apply(current_, mutant, chain_.random);
    if (chain_.options.constraints().any())
      chain_.options.constraints().project(chain_.seed.image, mutant);
    last_ = {operators[op].name, strength, operators[op].unit};
    mutant_ = mutant;
    return {std::nullopt, mutant};
  }

  void observe(const Answer&, const Values& values) override {
    if (values.sum() < 0) {
      cv::Mat end;
      mutant_.convertTo(end, CV_32F);
      bracket_.emplace(
          Bracket{std::make_unique<LinePath>(current_, end, "towards_mutant", chain_.new_key()),
                  {0, values_},
                  {1, values},
                  {},
                  history()});
    } else if (values.original < values_.original) {
      current_ = mutant_;
      values_ = values;
      kept_.push_back(last_);
    }
  }

  void skip() override { restart(); }

  std::vector<AppliedOperator> history() const override {
    std::vector<AppliedOperator> all = kept_;
    all.push_back(last_);
    return all;
  }

 private:
  void restart() {
    ++paths_;
    current_ = chain_.seed.image;
    values_ = chain_.first;
    kept_.clear();
  }

  ChainContext& chain_;
  Image current_, mutant_;
  Values values_;
  AppliedOperator last_;
  std::vector<AppliedOperator> kept_;
  std::optional<Bracket> bracket_;
};

}  // namespace

std::unique_ptr<BracketSource> make_mutation_source(ChainContext& chain) {
  return std::make_unique<MutationSource>(chain);
}

}  // namespace dflare
