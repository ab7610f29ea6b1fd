#include "search/engine/minimiser.hpp"

#include "search/descent/ray_descent.hpp"

namespace dflare {
namespace {

class Minimiser : public Chain {
 public:
  Minimiser(const Options& options, const Seed& seed, const Image& mutant, const Answer& answer,
            const Answer& first)
      : options_(options), seed_(seed), descent_(options_, seed_, first, Distance::l2, false) {
    descent_.begin(mutant, answer, {}, std::nullopt);
  }

  void propose(std::vector<Image>& mutants, Gradients& gradients) override {
    if (asked_++ < options_.minimise_queries()) descent_.propose(mutants, gradients);
  }
  void observe(const std::vector<Answer>& answers) override { descent_.observe(answers.front()); }
  std::vector<AppliedOperator> history(std::size_t) const override { return {}; }

 private:
  const Options& options_;
  Seed seed_;
  RayDescent descent_;
  int asked_ = 0;
};

}  // namespace

std::unique_ptr<Chain> make_minimiser(const Options& options, const Seed& seed, const Image& mutant,
                                      const Answer& answer, const Answer& first) {
  return std::make_unique<Minimiser>(options, seed, mutant, answer, first);
}

}  // namespace dflare
