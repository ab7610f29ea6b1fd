// A criterion of one's own: what counts as a deviation. Here: the compressed model is less sure of
// the original's label by that much, whether or not its own label is another one.

#include <cstdlib>
#include <dflare/criterion.hpp>
#include <dflare/error.hpp>
#include <dflare/gtest.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

class ConfidenceLost : public dflare::Criterion {
 public:
  explicit ConfidenceLost(double at_least) : at_least_(at_least) {}

  std::string text() const override { return "confidence_lost >= " + std::to_string(at_least_); }
  bool met(const dflare::Answer& answer, const std::optional<int>& label) const override {
    return progress(answer, label) >= 0;
  }
  /// What searches raise until it is met.
  double progress(const dflare::Answer& answer, const std::optional<int>&) const override {
    const int label = dflare::top_label(answer.original);
    return answer.original[label] - answer.compressed[label] - at_least_;
  }

 private:
  double at_least_;
};

/// From what follows the name in "confidence_lost >= 0.1".
std::shared_ptr<const dflare::Criterion> make_confidence_lost(const std::string& rest) {
  char* end = nullptr;
  const double at_least = rest.rfind(">=", 0) == 0 ? std::strtod(rest.c_str() + 2, &end) : 0;
  if (end == nullptr || *end != '\0' || !(at_least > 0 && at_least <= 1))
    throw dflare::ConfigError("confidence_lost '" + rest + "': expected >= and a number in (0, 1]");
  return std::make_shared<ConfidenceLost>(at_least);
}

// Before main(), so that flags know it too.
const bool registered = [] {
  dflare::register_criterion("confidence_lost", make_confidence_lost);
  return true;
}();

TEST(OwnCriterion, NoConfidenceIsLost) {
  ASSERT_TRUE(registered);
  TemplateMatcher original(blobs::classes(), "blobs");
  TemplateMatcher compressed(blobs::classes(64), "blobs, 64 levels");
  EXPECT_NO_DEVIATION(
      original, compressed, blobs::seeds(),
      dflare::everyday().queries(50).criterion(dflare::Criteria::parse("confidence_lost >= 0.1")));
}

TEST(OwnCriterion, WhatMakesNoSenseIsRefused) {
  EXPECT_THROW(dflare::Criteria::parse("confidence_lost >= 2"), dflare::ConfigError);
}

}  // namespace
