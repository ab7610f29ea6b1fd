// The examples that serve real runtimes, on real models.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/seeds.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::shared_ptr<Model> served(const std::string& python, const std::string& example,
                              const std::string& file, const InputSpec& input) {
  LoadOptions options;
  options.input = input;
  const std::string examples = DFLARE_SOURCE_TREE "/examples/serve_model/";
  return load_process({{python, "-B", examples + example, file}, ""}, options);
}

int label(const Scores& scores, int i) {
  const float* row = scores.row(i);
  return static_cast<int>(std::max_element(row, row + scores.classes()) - row);
}

class RealRuntimes : public testing::Test {
 protected:
  void SetUp() override {
    if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  }
  std::string model(const std::string& name) { return test::data_folder() + "/models/" + name; }
};

TEST_F(RealRuntimes, OnnxRuntimeAnswersAsTorchScript) {
  const std::string python = DFLARE_PYTHON_ONNXRUNTIME;
  if (python.empty()) GTEST_SKIP() << "needs DFLARE_PYTHON_ONNXRUNTIME, a Python with onnxruntime";
  InputSpec input;
  input.mean = {0.485F, 0.456F, 0.406F};
  input.stddev = {0.229F, 0.224F, 0.225F};
  const SeedSet seeds =
      SeedSet::cifar10(test::data_folder() + "/data/cifar10/test_batch.bin").take(100);
  ImageBatch batch;
  for (std::size_t i = 0; i < seeds.size(); ++i) batch.add(seeds.load(i).image);
  const Scores wanted = load(model("cifar10_resnet20.pt"), input)->predict(batch);
  const auto onnx = served(python, "onnxruntime_model.py", model("cifar10_resnet20.onnx"), input);
  EXPECT_THAT(onnx->info().runtime, StartsWith("ONNX Runtime 1."));
  EXPECT_EQ(onnx->info().sha256.size(), 64U);
  EXPECT_EQ(onnx->input().size, (ImageSize{32, 32}));
  const Scores scores = onnx->predict(batch);
  for (int i = 0; i < scores.rows(); ++i) {
    EXPECT_EQ(label(scores, i), label(wanted, i)) << i;
    for (int c = 0; c < scores.classes(); ++c)
      EXPECT_NEAR(scores.row(i)[c], wanted.row(i)[c], 1e-4) << i << ' ' << c;
  }
}

TEST_F(RealRuntimes, LiteRtRecognisesPhotographs) {
  const std::string python = DFLARE_PYTHON_LITERT;
  if (python.empty()) GTEST_SKIP() << "needs DFLARE_PYTHON_LITERT, a Python with ai-edge-litert";
  const std::string folder = test::data_folder() + "/data/imagenet/";
  std::ifstream names(folder + "imagenet_labels.txt");
  std::vector<std::string> labels;
  for (std::string line; std::getline(names, line);) labels.push_back(line);
  InputSpec input;
  input.size = {224, 224};
  input.resize = true;
  const auto model_in_litert = served(python, "litert_model.py",
                                      model("imagenet_tf2_mobilenet_v2_1.0_224_ptq.tflite"), input);
  EXPECT_THAT(model_in_litert->info().runtime, StartsWith("LiteRT 2."));
  EXPECT_EQ(model_in_litert->input().output, Output::probabilities);
  EXPECT_EQ(model_in_litert->input().layout, Layout::nhwc);
  ImageBatch batch;
  for (const char* name : {"hot_dog.jpg", "dragonfly.bmp", "grace_hopper.bmp"})
    batch.add(read_image(folder + name));
  const Scores scores = model_in_litert->predict(batch);
  ASSERT_EQ(static_cast<std::size_t>(scores.classes()), labels.size());
  const auto named = [&](int i) { return labels[static_cast<std::size_t>(label(scores, i))]; };
  EXPECT_THAT(named(0), HasSubstr("hotdog"));
  EXPECT_THAT(named(1), HasSubstr("dragonfly"));
  EXPECT_THAT(named(2), HasSubstr("military uniform"));
}

// MLPerf Tiny's network, whose 8-bit input stands for 0 to 255, as a float and as an int8 file.
TEST_F(RealRuntimes, LiteRtIsFedTheNumbersThatItsFileStates) {
  const std::string python = DFLARE_PYTHON_LITERT;
  if (python.empty()) GTEST_SKIP() << "needs DFLARE_PYTHON_LITERT, a Python with ai-edge-litert";
  InputSpec pixels, scaled;
  pixels.high = 255;
  scaled.mean = {0};  // 0 to 1, which is not what the file was made for
  ImageBatch batch;
  const SeedSet seeds =
      SeedSet::cifar10(test::data_folder() + "/data/cifar10/test_batch.bin").take(40);
  for (std::size_t i = 0; i < seeds.size(); ++i) batch.add(seeds.load(i).image);
  const auto scores_of = [&](const std::string& file, const InputSpec& input) {
    return served(python, "litert_model.py", model(file), input)->predict(batch);
  };
  const Scores floats = scores_of("cifar10_mlperf_resnet8.tflite", pixels);
  const Scores numbers = scores_of("cifar10_mlperf_resnet8_int8.tflite", pixels);
  const Scores unsaid = scores_of("cifar10_mlperf_resnet8_int8.tflite", {});
  int alike = 0;
  for (int i = 0; i < floats.rows(); ++i) {
    alike += label(floats, i) == label(numbers, i);
    EXPECT_TRUE(std::equal(numbers.row(i), numbers.row(i) + 10, unsaid.row(i))) << i;
  }
  EXPECT_GE(alike, 37);
  EXPECT_THAT(test::message_of<ModelError>(
                  [&] { scores_of("cifar10_mlperf_resnet8_int8.tflite", scaled); }),
              HasSubstr("scale 1, zero point -128"));
}

}  // namespace
}  // namespace dflare
