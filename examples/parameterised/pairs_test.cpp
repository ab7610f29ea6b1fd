// One suite of tests for several pairs of models, each model of which is loaded once; and a
// suite of one pair. Run make_pairs first, in the same folder.

#include <dflare/gmock.hpp>
#include <dflare/pair_test.hpp>

namespace {

dflare::InputSpec input() {
  dflare::InputSpec input;
  input.channels = 1;
  input.size = {28, 28};
  return input;
}

dflare::ModelPair blobs(const std::string& name, const std::string& compressed) {
  return {name, "models/blobs.pt", compressed, "seeds", input()};
}

using Compressed = dflare::PairTestWithParam;

TEST_P(Compressed, AgreesOnEverydayImages) {
  EXPECT_DEVIATION_RATE_LE(original(), compressed(), seeds(), 0.1, dflare::everyday());
}

TEST_P(Compressed, IsNeverFarOff) {
  EXPECT_WORST_DEVIATION_LE(original(), compressed(), seeds(), 0.2, dflare::Options().queries(50));
}

INSTANTIATE_TEST_SUITE_P(Blobs, Compressed,
                         ::testing::Values(blobs("Weights8Bit", "models/blobs_w8.pt"),
                                           blobs("Weights6Bit", "models/blobs_w6.pt")),
                         dflare::PairName());

class Weights8Bit : public dflare::PairTest<Weights8Bit> {
 public:
  static dflare::ModelPair pair() { return blobs("Weights8Bit", "models/blobs_w8.pt"); }
};

TEST_F(Weights8Bit, AgreesWhereImagesAreTurned) {
  EXPECT_THAT(compressed(),
              dflare::AgreesWith(original(), seeds(),
                                 dflare::Options().rotate(10).regret(0.2).queries(50)));
}

TEST_F(Weights8Bit, AgreesOnTheGpu) {
  GTEST_SKIP() << "a test may skip itself as any other";
}

}  // namespace
