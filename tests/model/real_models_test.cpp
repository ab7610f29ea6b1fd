#include <gtest/gtest.h>

#include <algorithm>

#include "dflare/model.hpp"
#include "dflare/seeds.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

double accuracy(Model& model, const SeedSet& seeds) {
  constexpr std::size_t batch_size = 100;
  std::size_t right = 0;
  ImageBatch batch;
  Scores scores;
  for (std::size_t begin = 0; begin < seeds.size(); begin += batch_size) {
    batch.clear();
    const std::size_t end = std::min(begin + batch_size, seeds.size());
    for (std::size_t i = begin; i < end; ++i) batch.add(seeds.load(i).image);
    model.predict(batch, scores);
    for (std::size_t i = begin; i < end; ++i) {
      const float* row = scores.row(static_cast<int>(i - begin));
      right += std::max_element(row, row + scores.classes()) - row == seeds.label(i);
    }
  }
  return static_cast<double>(right) / static_cast<double>(seeds.size());
}

class RealModels : public testing::Test {
 protected:
  void SetUp() override {
    if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  }
  std::string model(const std::string& name) { return test::data_folder() + "/models/" + name; }
};

TEST_F(RealModels, MnistFloatAndInt8KnowTheirDigits) {
  const std::string folder = test::data_folder() + "/data/mnist/";
  const SeedSet seeds =
      SeedSet::idx(folder + "t10k-images-idx3-ubyte.gz", folder + "t10k-labels-idx1-ubyte.gz")
          .take(1000);
  InputSpec spec;
  spec.size = {28, 28};
  spec.channels = 1;
  for (const std::string name :
       {"mnist_lenet5.pt", "mnist_lenet5_int8.pt", "mnist_lenet5_w4_frozen.pt"}) {
    const auto loaded = load(model(name), spec);
    EXPECT_GE(accuracy(*loaded, seeds), 0.98) << name;
    EXPECT_EQ(loaded->info().engine.empty(), name != "mnist_lenet5_int8.pt") << name;
  }
}

// Wrong channel order, mean or standard deviation cost far more than this.
TEST_F(RealModels, CifarFloatAndInt8KnowTheirThings) {
  const SeedSet seeds =
      SeedSet::cifar10(test::data_folder() + "/data/cifar10/test_batch.bin").take(500);
  InputSpec spec;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  for (const std::string name : {"cifar10_resnet20.pt", "cifar10_resnet20_int8.pt"}) {
    EXPECT_GE(accuracy(*load(model(name), spec), seeds), 0.90) << name;
  }
}

}  // namespace
}  // namespace dflare
