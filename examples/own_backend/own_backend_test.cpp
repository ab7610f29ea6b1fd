// A model that is no TorchScript file, tested with the assertions of dflare: derive from
// dflare::Model (template_matcher.hpp), and give the assertion the object.

#include <dflare/gtest.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

const auto original = std::make_shared<TemplateMatcher>(blobs::classes(), "blobs");

TEST(OwnBackend, RoundedTo64Levels) {
  TemplateMatcher compressed(blobs::classes(64), "blobs, 64 levels");
  EXPECT_DEVIATION_RATE_LE(original, compressed, blobs::seeds(), 0.1, dflare::everyday());
}

TEST(OwnBackend, RoundedTo16LevelsIsNeverFarOff) {
  TemplateMatcher compressed(blobs::classes(16), "blobs, 16 levels");
  EXPECT_WORST_DEVIATION_LE(original, compressed, blobs::seeds(), 0.2);
}

}  // namespace
