// A mutation operator of one's own in the search: fog, as a camera may see it. It has a name, which
// findings and failure messages show, and a strength with its unit.

#include <dflare/collecting_sink.hpp>
#include <dflare/gtest.hpp>
#include <dflare/search.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

dflare::MutationOperator fog() {
  dflare::MutationOperator fog;
  fog.name = "fog";
  fog.unit = "%";
  fog.apply = [](const dflare::Image& image, dflare::Image& mutant, dflare::Random& random) {
    const double share = random.uniform(0.02, 0.2);
    image.convertTo(mutant, -1, 1 - share, 255 * share);  // towards white
    return 100 * share;
  };
  return fog;
}

/// Fog among the operators that are there, for a strategy that chooses among operators.
dflare::Options with_fog() {
  auto operators = dflare::MutationSet::named("geometric");
  operators.add(fog());
  return dflare::Options().strategy("dflare").operators(operators).queries(200);
}

TemplateMatcher original(blobs::classes(), "blobs");
TemplateMatcher compressed(blobs::classes(2), "blobs, 2 levels");

TEST(OwnOperator, NoClearDeviationInFog) {
  EXPECT_NO_DEVIATION(original, compressed, blobs::seeds(), with_fog().margin(0.5));
}

TEST(OwnOperator, IsInTheHistoryOfFindings) {
  dflare::CollectingSink found;
  dflare::search(original, compressed, blobs::seeds(), with_fog(), &found);
  int uses = 0;
  for (const auto& [position, deviation] : found.deviations) {
    for (const dflare::AppliedOperator& applied : deviation.history)
      uses += applied.name == "fog" ? 1 : 0;
  }
  EXPECT_GT(uses, 0);
}

}  // namespace
