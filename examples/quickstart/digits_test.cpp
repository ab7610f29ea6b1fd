// Does a compressed LeNet-5 still say what the original says, on digits that are turned, moved,
// scaled and lit a little differently? Run make_models first, in the same folder.

#include <dflare/gtest.hpp>

namespace {

/// Its sub-folders are the classes.
dflare::SeedSet seeds() {
  return dflare::SeedSet::folder("seeds", {dflare::ColorMode::grey, /*classes=*/true});
}

TEST(Digits, Weights8Bit) {
  EXPECT_DEVIATION_RATE_LE("models/lenet5.pt", "models/lenet5_w8.pt", seeds(), 0.03,
                           dflare::everyday());
}

TEST(Digits, Weights4Bit) {
  EXPECT_DEVIATION_RATE_LE("models/lenet5.pt", "models/lenet5_w4.pt", seeds(), 0.03,
                           dflare::everyday());
}

TEST(Digits, Pruned50) {
  EXPECT_DEVIATION_RATE_LE("models/lenet5.pt", "models/lenet5_prune50.pt", seeds(), 0.03,
                           dflare::everyday());
}

}  // namespace
