#include "search/strategies/boundary/source.hpp"

namespace dflare {
namespace {

class OneAfterAnother : public BracketSource {
 public:
  OneAfterAnother(std::unique_ptr<BracketSource> first, std::unique_ptr<BracketSource> second)
      : current_(std::move(first)), second_(std::move(second)) {}

  Step next(Gradients& gradients) override {
    Step step = current_->next(gradients);
    if (step.bracket || !step.mutant.empty() || !second_) return step;
    paths_ = current_->paths();
    current_ = std::move(second_);
    return current_->next(gradients);
  }
  void observe(const Answer& answer, const Values& values) override {
    current_->observe(answer, values);
  }
  void skip() override { current_->skip(); }
  std::vector<AppliedOperator> history() const override { return current_->history(); }
  std::optional<Transformation> transformation() const override {
    return current_->transformation();
  }
  void ended(Bracket bracket, double t) override { current_->ended(std::move(bracket), t); }
  int paths() const override { return paths_ + current_->paths(); }

 private:
  std::unique_ptr<BracketSource> current_, second_;
};

}  // namespace

std::unique_ptr<BracketSource> one_after_another(std::unique_ptr<BracketSource> first,
                                                 std::unique_ptr<BracketSource> second) {
  return std::make_unique<OneAfterAnother>(std::move(first), std::move(second));
}

}  // namespace dflare
