#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/examination.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

struct Data {
  const char* models;  ///< what the names of its models' files begin with
  const char* original;
  std::vector<const char*> compressed;
  InputSpec input;
  SeedSet seeds;
};

InputSpec spec(int channels, int side, std::vector<float> mean = {}, std::vector<float> stddev = {},
               float high = 1) {
  InputSpec input;
  input.channels = channels;
  input.size = {side, side};
  input.resize = true;
  input.mean = std::move(mean);
  input.stddev = std::move(stddev);
  input.high = high;
  return input;
}

SeedSet mnist(const std::string& data) {
  return SeedSet::idx(data + "/mnist/t10k-images-idx3-ubyte.gz",
                      data + "/mnist/t10k-labels-idx1-ubyte.gz");
}

SeedSet classes_of(const std::string& folder) {
  FolderOptions options;
  options.classes = true;
  options.color = ColorMode::rgb;
  return SeedSet::folder(folder, options);
}

std::vector<Data> all_data(const std::string& data) {
  const SeedSet cifar10 = SeedSet::cifar10(data + "/cifar10/test_batch.bin");
  const InputSpec cifar10_input = spec(3, 32, {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  std::vector<Data> all = {
      {"mnist_lenet5",
       ".pt",
       {"_int8.pt", "_w8.pt", "_w4.pt", "_w4_frozen.pt", "_prune50.pt", "_prune80.pt", "_kd.pt"},
       spec(1, 28),
       mnist(data)},
      {"cifar10_resnet20",
       ".pt",
       {"_int8.pt", "_w8.pt", "_w4.pt", "_prune50.pt", "_prune80ft.pt"},
       cifar10_input,
       cifar10},
      {"cifar10_resnet32",
       ".pt",
       {"_int8.pt", "_w8.pt", "_w4.pt", "_prune50.pt"},
       cifar10_input,
       cifar10},
      {"cifar10_resnet56", ".pt", {"_int8.pt", "_w4.pt", "_prune50.pt"}, cifar10_input, cifar10},
      {"imagenet_efficientnet_lite0",
       ".pt",
       {"_int8.pt", "_w8.pt", "_prune20.pt"},
       spec(3, 224, {0.49803922F}, {0.50196078F}),
       classes_of(data + "/imagenet1k")}};
#ifdef DFLARE_HAS_OPENVINO
  FolderOptions rgb;
  rgb.color = ColorMode::rgb;
  const SeedSet photographs = SeedSet::folder(data + "/imagenet", rgb);
  all.push_back({"mnist_lenet5", ".onnx", {"_int8.onnx", ".pt"}, spec(1, 28), mnist(data)});
  all.push_back({"cifar10_resnet20", ".onnx", {"_int8.onnx", ".pt"}, cifar10_input, cifar10});
  all.push_back(
      {"cifar10_mlperf_resnet8", ".tflite", {"_int8.tflite"}, spec(3, 32, {}, {}, 255), cifar10});
  all.push_back({"cifar10_mlperf_resnet_large",
                 ".tflite",
                 {"_int8.tflite"},
                 spec(3, 32, {}, {}, 255),
                 cifar10});
  all.push_back({"vww_mlperf_mobilenet", ".tflite", {"_int8.tflite"}, spec(3, 96), photographs});
#endif
#ifdef DFLARE_HAS_EXECUTORCH
  all.push_back({"mnist_lenet5", ".pt", {".pte", "_int8.pte"}, spec(1, 28), mnist(data)});
  all.push_back({"cifar10_resnet20", ".pt", {".pte", "_int8.pte"}, cifar10_input, cifar10});
#endif
  return all;
}

TEST(RealPairs, PassTheExaminationInSilenceAndCheaply) {
  if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  for (const Data& data : all_data(test::data_folder() + "/data")) {
    const std::string models = test::data_folder() + "/models/" + data.models;
    for (const char* name : data.compressed) {
      const auto original = load(models + data.original, data.input);
      const auto compressed = load(models + name, data.input);
      const Examination found = examine(*original, *compressed, data.seeds, everyday());
      EXPECT_THAT(found.remarks, testing::IsEmpty()) << models + name;
      EXPECT_LE(found.evaluations, 60U) << models + name;
    }
  }
}

}  // namespace
}  // namespace dflare
