// A search strategy of one's own, with an option of its own, known by their names to options, flags
// (--dflare_strategy=dimmer --dflare_dimmer_step=2) and, in a program that links it, to everything
// else that takes the name of a strategy.

#include <dflare/gtest.hpp>
#include <dflare/strategy.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

/// The seed input a little darker, and darker again.
class DimmerChain : public dflare::Chain {
 public:
  DimmerChain(const dflare::Image& seed, int queries, double step)
      : seed_(seed), queries_(queries), step_(step) {}

  void propose(std::vector<dflare::Image>& mutants, dflare::Gradients&) override {
    if (queries_ == 0 || percent_ + step_ > 99) return;  // nothing more to try
    --queries_;
    percent_ += step_;
    seed_.convertTo(mutant_, -1, 1 - percent_ / 100);
    mutants.push_back(mutant_);
  }
  void observe(const std::vector<dflare::Answer>&) override {}  // the next does not depend on it
  std::vector<dflare::AppliedOperator> history(std::size_t) const override {
    return {{"dimmed", percent_, "%"}};
  }

 private:
  dflare::Image seed_, mutant_;
  int queries_;
  double step_, percent_ = 0;
};

class Dimmer : public dflare::Strategy {
 public:
  explicit Dimmer(const dflare::Options& options)
      : queries_(options.queries()), step_(options.number("dimmer_step")) {}
  std::unique_ptr<dflare::Chain> start(const dflare::Seed& seed,
                                       const dflare::Answer&) const override {
    return std::make_unique<DimmerChain>(seed.image, queries_, step_);
  }

 private:
  int queries_;
  double step_;
};

// Before main(), so that flags know it too.
const bool registered = [] {
  dflare::register_strategy(
      "dimmer",
      {dflare::whole_number_option("dimmer_step", 1, 1, 50, "How many percent darker a query is.")},
      [](const dflare::Options& options) { return std::make_unique<Dimmer>(options); });
  return true;
}();

TEST(OwnStrategy, NoDeviationHoweverDark) {
  ASSERT_TRUE(registered);
  TemplateMatcher original(blobs::classes(), "blobs");
  TemplateMatcher compressed(blobs::classes(64), "blobs, 64 levels");
  EXPECT_NO_DEVIATION(original, compressed, blobs::seeds(),
                      dflare::Options().strategy("dimmer").set("dimmer_step", "2"));
}

}  // namespace
