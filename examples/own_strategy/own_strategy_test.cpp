// A search strategy of one's own, known by its name to options, flags (--dflare_strategy=dimmer)
// and, in a program that links it, to everything else that takes the name of a strategy.

#include <dflare/gtest.hpp>
#include <dflare/strategy.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

/// The seed input a little darker, and darker again: 1 % a query.
class DimmerChain : public dflare::Chain {
 public:
  DimmerChain(const dflare::Image& seed, int queries)
      : seed_(seed), queries_(std::min(queries, 99)) {}

  void propose(std::vector<dflare::Image>& mutants, dflare::Gradients&) override {
    if (percent_ == queries_) return;  // nothing more to try
    ++percent_;
    seed_.convertTo(mutant_, -1, 1 - percent_ / 100.0);
    mutants.push_back(mutant_);
  }
  void observe(const std::vector<dflare::Answer>&) override {}  // the next does not depend on it
  std::vector<dflare::AppliedOperator> history(std::size_t) const override {
    return {{"dimmed", static_cast<double>(percent_), "%"}};
  }

 private:
  dflare::Image seed_, mutant_;
  int queries_;
  int percent_ = 0;
};

class Dimmer : public dflare::Strategy {
 public:
  explicit Dimmer(const dflare::Options& options) : queries_(options.queries()) {}
  std::unique_ptr<dflare::Chain> start(const dflare::Seed& seed,
                                       const dflare::Answer&) const override {
    return std::make_unique<DimmerChain>(seed.image, queries_);
  }

 private:
  int queries_;
};

// Before main(), so that flags know it too.
const bool registered = [] {
  dflare::register_strategy(
      "dimmer", [](const dflare::Options& options) { return std::make_unique<Dimmer>(options); });
  return true;
}();

TEST(OwnStrategy, NoDeviationHoweverDark) {
  ASSERT_TRUE(registered);
  TemplateMatcher original(blobs::classes(), "blobs");
  TemplateMatcher compressed(blobs::classes(64), "blobs, 64 levels");
  EXPECT_NO_DEVIATION(original, compressed, blobs::seeds(), dflare::Options().strategy("dimmer"));
}

}  // namespace
