#include "search/descent/descent.hpp"

#include "search/descent/ray_descent.hpp"

namespace dflare {
namespace {

/// Follows paths until they have led to a deviation, then descends from the nearest one.
class PathsThenDescent : public Chain {
 public:
  PathsThenDescent(const Options& options, const Seed& seed, const Answer& first,
                   std::unique_ptr<Chain> paths, bool gradients)
      : options_(options),
        seed_(seed),
        paths_(std::move(paths)),
        descent_(options_, seed_, first, options.closest_by(), gradients) {}

  void propose(std::vector<Image>& mutants, Gradients& gradients) override {
    if (asked_ >= options_.queries()) return;
    on_paths_ = !descent_.begun();
    if (on_paths_) {
      paths_->propose(mutants, gradients);
    } else {
      descent_.propose(mutants, gradients);
    }
    asked_ += static_cast<int>(mutants.size());
    mutants_ = mutants;
  }

  void observe(const std::vector<Answer>& answers) override {
    if (!on_paths_) return descent_.observe(answers.front());
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (descent_.goal().met(answers[k]))
        descent_.begin(mutants_[k], answers[k], paths_->history(k), paths_->transformation(k));
    }
    paths_->observe(answers);
  }

  std::vector<AppliedOperator> history(std::size_t k) const override {
    return on_paths_ ? paths_->history(k) : descent_.history();
  }
  std::optional<Transformation> transformation(std::size_t k) const override {
    return on_paths_ ? paths_->transformation(k) : descent_.transformation();
  }
  int paths() const override { return paths_->paths(); }

 private:
  const Options& options_;
  Seed seed_;
  std::unique_ptr<Chain> paths_;
  RayDescent descent_;
  bool on_paths_ = true;
  int asked_ = 0;
  std::vector<Image> mutants_;
};

}  // namespace

std::unique_ptr<Chain> make_descent(const Options& options, const Seed& seed, const Answer& first,
                                    std::unique_ptr<Chain> paths, bool gradients) {
  return std::make_unique<PathsThenDescent>(options, seed, first, std::move(paths), gradients);
}

}  // namespace dflare
