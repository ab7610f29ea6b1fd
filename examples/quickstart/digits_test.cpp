// Does a compressed LeNet-5 still say what the original says? Run make_models first, in the same
// folder.

#include <dflare/gtest.hpp>

namespace {

const dflare::Options options = dflare::Options().queries(1000);

/// Its sub-folders are the classes.
dflare::SeedSet seeds() {
  return dflare::SeedSet::folder("seeds", {dflare::ColorMode::grey, /*classes=*/true});
}

TEST(Digits, Weights8Bit) {
  EXPECT_NO_DEVIATION("models/lenet5.pt", "models/lenet5_w8.pt", seeds(), options);
}

TEST(Digits, Weights4Bit) {
  EXPECT_NO_DEVIATION("models/lenet5.pt", "models/lenet5_w4.pt", seeds(), options);
}

TEST(Digits, Pruned50) {
  EXPECT_NO_DEVIATION("models/lenet5.pt", "models/lenet5_prune50.pt", seeds(), options);
}

}  // namespace
