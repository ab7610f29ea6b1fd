// Real files, in OpenVINO. Where a figure is expected, it is that of the files' README.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <map>
#include <tuple>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "dflare/seeds.hpp"
#include "model/scores_of.hpp"
#include "support/decimal_comma.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Labels = std::vector<int>;

int label_of(const float* row, int classes) {
  return static_cast<int>(std::max_element(row, row + classes) - row);
}

Labels labels_of(Model& model, const SeedSet& seeds, std::size_t batch_size = 64) {
  Labels labels;
  ImageBatch batch;
  Scores scores;
  for (std::size_t begin = 0; begin < seeds.size(); begin += batch_size) {
    batch.clear();
    const std::size_t end = std::min(begin + batch_size, seeds.size());
    for (std::size_t i = begin; i < end; ++i) batch.add(seeds.load(i).image);
    model.predict(batch, scores);
    for (int i = 0; i < scores.rows(); ++i) {
      labels.push_back(label_of(scores.row(i), scores.classes()));
    }
  }
  return labels;
}

int unlike(const Labels& a, const Labels& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

double accuracy(const Labels& labels, const SeedSet& seeds) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += labels[i] == seeds.label(i);
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

class OpenVinoFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  }
  static std::string model(const std::string& name) {
    return test::data_folder() + "/models/" + name;
  }
  static InputSpec cifar_input() {
    InputSpec spec;
    spec.mean = {0.485F, 0.456F, 0.406F};
    spec.stddev = {0.229F, 0.224F, 0.225F};
    return spec;
  }
  static SeedSet cifar() {
    return SeedSet::cifar10(test::data_folder() + "/data/cifar10/test_batch.bin").take(1984);
  }
};

TEST_F(OpenVinoFiles, CifarFloatAnswersAsTheTorchScriptDoes) {
  const SeedSet seeds = cifar();
  const auto onnx = load(model("cifar10_resnet20.onnx"), cifar_input());
  const Labels torch = labels_of(*load(model("cifar10_resnet20.pt"), cifar_input()), seeds);
  const Labels labels = labels_of(*onnx, seeds);
  EXPECT_EQ(unlike(labels, torch), 0);
  EXPECT_EQ(unlike(labels_of(*onnx, seeds.take(500), 1), {labels.begin(), labels.begin() + 500}),
            0);
  EXPECT_NEAR(accuracy(labels, seeds), 0.918, 0.003);
}

TEST_F(OpenVinoFiles, CifarInt8IsTheOneOfTheReadme) {
  const SeedSet seeds = cifar();
  const Labels torch = labels_of(*load(model("cifar10_resnet20.pt"), cifar_input()), seeds);
  const Labels labels = labels_of(*load(model("cifar10_resnet20_int8.onnx"), cifar_input()), seeds);
  EXPECT_NEAR(unlike(labels, torch), 21, 3);
  EXPECT_NEAR(accuracy(labels, seeds), 0.921, 0.003);
}

TEST_F(OpenVinoFiles, MnistFloatAndInt8AreThoseOfTheReadme) {
  const std::string folder = test::data_folder() + "/data/mnist/";
  const SeedSet seeds =
      SeedSet::idx(folder + "t10k-images-idx3-ubyte.gz", folder + "t10k-labels-idx1-ubyte.gz");
  const Labels torch = labels_of(*load(model("mnist_lenet5.pt")), seeds);
  const auto onnx = load(model("mnist_lenet5.onnx"));
  EXPECT_EQ(onnx->input().size, (ImageSize{28, 28}));
  EXPECT_EQ(onnx->input().channels, 1);
  EXPECT_EQ(unlike(labels_of(*onnx, seeds), torch), 0);
  EXPECT_NEAR(unlike(labels_of(*load(model("mnist_lenet5_int8.onnx")), seeds), torch), 7, 3);
}

TEST_F(OpenVinoFiles, ReplicasAnswerBitForBitTheSameWhateverCameBefore) {
  for (const std::string name : {"cifar10_resnet20.onnx", "cifar10_resnet20_int8.onnx",
                                 "imagenet_mobilenet_v1_0.25_128_quant.tflite"}) {
    const auto loaded = load(model(name));
    const int side = loaded->input().size.height;
    const ImageBatch batch = test::pictures(13, side, side, 3);
    const auto expected = test::scores_of(*loaded, batch);
    std::vector<std::future<bool>> threads;
    for (const int before : {1, 2, 9, 32}) {
      threads.push_back(std::async(std::launch::async, [=, &expected] {
        const auto own = loaded->replicate();
        own->predict(test::pictures(before, side, side, 3));
        return test::scores_of(*own, test::pictures(13, side, side, 3)) == expected;
      }));
    }
    for (auto& thread : threads) EXPECT_TRUE(thread.get()) << name;
  }
}

// OpenVINO writes what it compiled by that locale, and does not read it back.
TEST_F(OpenVinoFiles, AreReadUnderALocaleWithADecimalComma) {
  const std::string name = "imagenet_mobilenet_v1_0.25_128_quant.tflite";
  const ImageBatch batch = test::pictures(3, 128, 128, 3);
  const auto expected = test::scores_of(*load(model(name)), batch);
  const test::DecimalComma comma;
  const auto loaded = load(model(name));
  EXPECT_EQ(test::scores_of(*loaded->replicate(), batch), expected);
}

/// The model's name for each photograph, the whole of it fed.
std::map<std::string, std::string> names_by(Model& model) {
  const std::string folder = test::data_folder() + "/data/imagenet";
  std::vector<std::string> classes;
  std::ifstream lines(folder + "/imagenet_labels.txt");
  for (std::string line; std::getline(lines, line);) classes.push_back(line);
  const SeedSet photographs = SeedSet::folder(folder);
  const Labels labels = labels_of(model, photographs);
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string name = classes.at(static_cast<std::size_t>(labels[i]));
    names[photographs.id(i)] = name.substr(0, name.find(','));
  }
  return names;
}

// Wrong pixels, channels or layout cost far more than this. The owl is none of their 1,001 classes'
// best.
TEST_F(OpenVinoFiles, EightBitMobileNetsKnowThePhotographs) {
  const std::map<std::string, std::string> easy = {
      {"bird.bmp", "chickadee"}, {"cat.bmp", "Egyptian cat"}, {"parrot.jpg", "macaw"}};
  std::map<std::string, std::string> all = easy;
  all["dog_segmentation_256.bmp"] = "Samoyed";
  all["dragonfly.bmp"] = "dragonfly";
  all["hot_dog.jpg"] = "hotdog";
  for (const auto& [file, side, known] : {std::tuple{"mobilenet_v1_0.25_128_quant", 128, easy},
                                          {"mobilenet_v1_0.5_160_quant", 160, all},
                                          {"mobilenet_v2_1.0_224_quant", 224, all},
                                          {"tf2_mobilenet_v2_1.0_224_ptq", 224, all}}) {
    LoadOptions options;
    options.input.resize = true;
    options.input.size = {side, side};
    const auto mobilenet = load(model(std::string("imagenet_") + file + ".tflite"), options);
    EXPECT_EQ(mobilenet->input().layout, Layout::nhwc);
    EXPECT_EQ(mobilenet->input().channels, 3);
    EXPECT_EQ(mobilenet->input().output, Output::probabilities);
    const auto names = names_by(*mobilenet);
    ASSERT_EQ(names.size(), 8U);
    for (const auto& [photograph, name] : known) {
      EXPECT_EQ(names.at(photograph), name) << file << " on " << photograph;
    }
  }
}

TEST_F(OpenVinoFiles, FileThatIsCutOff) {
  for (const std::string name :
       {"mnist_lenet5.onnx", "imagenet_mobilenet_v1_0.25_128_quant.tflite"}) {
    const std::string whole = read_file(model(name));
    const std::string path = test::fresh_folder() + "/" + name;
    write_atomically(path, whole.substr(0, whole.size() / 2));
    EXPECT_THAT(test::message_of<ModelError>([&] { load(path); }),
                AllOf(HasSubstr("model '" + path + "': OpenVINO"), HasSubstr("cannot read it: "),
                      HasSubstr("; copy it again, or export it anew"), Not(HasSubstr("\n"))));
  }
}

TEST_F(OpenVinoFiles, OperatorThatOpenVinoDoesNotHave) {
  std::string bytes = read_file(model("mnist_lenet5.onnx"));
  for (std::size_t at; (at = bytes.find("\"\x04Relu")) != std::string::npos;) {
    bytes.replace(at, 6, "\"\x04Rely");
  }
  const std::string path = test::fresh_folder() + "/rely.onnx";
  write_atomically(path, bytes);
  EXPECT_THAT(test::message_of<ModelError>([&] { load(path); }),
              AllOf(HasSubstr("model '" + path + "'"), HasSubstr("operations: Rely")));
}

}  // namespace
}  // namespace dflare
