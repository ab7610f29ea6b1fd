#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/library.h>
#include <torch/version.h>

#include <boost/filesystem.hpp>
#include <cmath>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/scores_of.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare {
namespace {

using test::message_of;
using test::pictures;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string model_file(const std::string& name = "model.pt") {
  return test::fresh_folder() + "/" + name;
}

/// A file of a module whose forward has this body.
std::string file_of(const std::string& body) {
  torch::jit::Module module("Custom");
  module.define("\ndef forward(self, x):\n" + body + "\n");
  std::string path = model_file();
  module.save(path);
  return path;
}

std::string predict_message(const std::string& path) {
  const auto model = load(path);
  return message_of<ModelError>([&] { model->predict(pictures(4, 4, 4, 1)); });
}

TEST(TorchScript, AnswersWhatLibTorchAnswersBitForBit) {
  const std::string path = model_file();
  test::save_cnn(path, 3, 12, 10, 5);
  LoadOptions options;
  options.input.mean = {0.485F, 0.456F, 0.406F};
  options.input.stddev = {0.229F, 0.224F, 0.225F};
  // The logits themselves: softmax then is the same function on both sides.
  const auto model = load(path, options);
  const ImageBatch batch = pictures(7, 12, 10, 3);

  at::Tensor pixels = at::empty({7, 12, 10, 3}, at::kByte);
  for (int i = 0; i < 7; ++i) {
    std::copy_n(batch[static_cast<std::size_t>(i)].data, 360,
                pixels.data_ptr<std::uint8_t>() + i * 360);
  }
  // torchvision: to_tensor is div(255), normalize is sub_(mean).div_(std).
  at::Tensor input = pixels.permute({0, 3, 1, 2}).contiguous().to(at::kFloat).div(255);
  input.sub_(at::tensor({0.485F, 0.456F, 0.406F}).view({3, 1, 1}));
  input.div_(at::tensor({0.229F, 0.224F, 0.225F}).view({3, 1, 1}));
  torch::jit::Module reference = torch::jit::load(path);
  const at::Tensor logits = reference.forward({input}).toTensor();

  const ImageBatch::Floats floats = batch.floats(options.input);
  EXPECT_EQ(0, std::memcmp(floats.data, input.data_ptr<float>(), sizeof(float) * 7 * 360));
  const Scores scores = model->predict(batch);
  ASSERT_EQ(scores.classes(), 5);
  for (int i = 0; i < 7; ++i) {
    const float* row = logits.data_ptr<float>() + i * 5;
    float top = row[0], sum = 0;
    for (int c = 0; c < 5; ++c) top = std::max(top, row[c]);
    for (int c = 0; c < 5; ++c) sum += std::exp(row[c] - top);
    for (int c = 0; c < 5; ++c) EXPECT_EQ(scores.row(i)[c], std::exp(row[c] - top) / sum);
  }
}

TEST(TorchScript, SaysWhatIsKnownOfTheModel) {
  const std::string path = model_file("model.PTH");
  test::save_linear(path, 1, 4, 4, 3);
  LoadOptions options;
  options.engine = "qnnpack";
  const ModelInfo info = load(path)->info();
  EXPECT_EQ(info.path, path);
  EXPECT_EQ(info.name, path);
  EXPECT_EQ(info.sha256, sha256_of_file(path));
  EXPECT_EQ(info.backend, "TorchScript");
  EXPECT_THAT(info.runtime, StartsWith("LibTorch " + std::to_string(TORCH_VERSION_MAJOR) + "."));
  EXPECT_EQ(info.device, "cpu");
  EXPECT_EQ(info.engine, "");
}

TEST(TorchScript, TakesProbabilitiesWhereTheSpecificationSaysSo) {
  const std::string path = model_file();
  test::save_probabilities(path, 1, 6, 6, 4);
  InputSpec spec;
  spec.output = Output::probabilities;
  const auto model = load(path, spec);
  const Scores scores = model->predict(pictures(3, 6, 6, 1));
  EXPECT_NEAR(scores.row(0)[0] + scores.row(0)[1] + scores.row(0)[2] + scores.row(0)[3], 1, 1e-5);
  spec.output = Output::logits;
  EXPECT_THAT(message_of<ModelError>([&] { load(path, spec)->predict(pictures(3, 6, 6, 1)); }),
              AllOf(HasSubstr(path), HasSubstr("set output: probabilities")));
}

TEST(TorchScript, RefusesLogitsWhereProbabilitiesWerePromised) {
  const std::string path = model_file();
  test::save_linear(path, 1, 6, 6, 4);
  InputSpec spec;
  spec.output = Output::probabilities;
  EXPECT_THAT(message_of<ModelError>([&] { load(path, spec)->predict(pictures(3, 6, 6, 1)); }),
              AllOf(HasSubstr(path), HasSubstr("set output: logits")));
}

TEST(TorchScript, FeedsChannelsLastWhereTheLayoutSaysSo) {
  const std::string path = file_of("    return torch.mean(x, [1, 2])");
  InputSpec spec;
  spec.layout = Layout::nhwc;
  spec.high = 255;
  const Image image(2, 2, CV_8UC3, cv::Scalar(1, 2, 4));
  const auto model = load(path, spec);
  const Scores scores = model->predict(image);
  ASSERT_EQ(scores.classes(), 3);
  EXPECT_FLOAT_EQ(std::log(scores.row(0)[2] / scores.row(0)[0]), 3);
}

TEST(TorchScript, AcceptsDoubleHalfAndQuantisedScores) {
  const std::string logits = "    y = torch.flatten(x, 1)[:, :3] * 4\n";
  const Scores expected = load(file_of(logits + "    return y"))->predict(pictures(2, 4, 4, 1));
  for (const std::string conversion :
       {"y.double()", "y.half()", "torch.quantize_per_tensor(y, 0.001, 0, 14)"}) {
    const Scores scores =
        load(file_of(logits + "    return " + conversion))->predict(pictures(2, 4, 4, 1));
    ASSERT_EQ(scores.classes(), 3);
    EXPECT_NEAR(scores.row(1)[2], expected.row(1)[2], 1e-3) << conversion;
  }
}

TEST(TorchScript, TheModelMayChangeItsInput) {
  const auto model = load(file_of("    return torch.flatten(x.mul_(7), 1)"));
  const ImageBatch batch = pictures(2, 4, 4, 1);
  EXPECT_EQ(scores_of(*model, batch), scores_of(*model, batch));
}

TEST(TorchScript, RunsTheModuleInEvaluationMode) {
  torch::jit::Module module("Dropout");
  module.register_attribute("training", c10::BoolType::get(), true);
  module.define(R"(
    def forward(self, x):
        return torch.dropout(torch.flatten(x, 1), 0.5, self.training)
)");
  const std::string path = model_file();
  module.save(path);
  const auto model = load(path);
  const ImageBatch batch = pictures(2, 4, 4, 1);
  EXPECT_EQ(scores_of(*model, batch), scores_of(*model, batch));
}

TEST(TorchScript, RefusesAnswersOfTheWrongShape) {
  const std::string path = model_file();
  test::save_wrong_shape(path, 10);
  EXPECT_THAT(predict_message(path),
              AllOf(HasSubstr(path), HasSubstr("answered a tensor of shape 4 x 10 x 1 x 1"),
                    HasSubstr("expected images x classes = 4 x N"), HasSubstr("flatten(1)")));
  EXPECT_THAT(predict_message(file_of("    return torch.mean(x)")), HasSubstr("of shape ()"));
  EXPECT_THAT(predict_message(file_of("    return torch.flatten(x)")),
              AllOf(HasSubstr("of shape 64"), HasSubstr("N x 1 (unsqueeze(1))")));
}

TEST(TorchScript, RefusesLabels) {
  const std::string scores = "torch.flatten(x, 1)";
  for (const std::string& answer :
       {"torch.argmax(" + scores + ", 1)", "torch.argmax(" + scores + ", 1, True).float()",
        "torch.max(" + scores + ", 1)[1]", "torch.topk(" + scores + ", 1)[1].float()"}) {
    const std::string path = file_of("    return " + answer);
    EXPECT_THAT(message_of<ModelError>([&] { load(path); }),
                AllOf(HasSubstr(path), HasSubstr("returns labels"), HasSubstr("not labels")))
        << answer;
  }
  EXPECT_NO_THROW(load(file_of("    return torch.max(" + scores + ", 1)[0].unsqueeze(1)")));
}

TEST(TorchScript, OneScoreIsServedAsTwoClasses) {
  const auto model = load(file_of("    return torch.flatten(x, 1)[:, :1] - 2"));
  const Scores scores = model->predict(pictures(4, 4, 4, 1));
  ASSERT_EQ(scores.classes(), 2);
  for (int i = 0; i < 4; ++i) {
    EXPECT_FLOAT_EQ(scores.row(i)[0] + scores.row(i)[1], 1);
    EXPECT_LT(scores.row(i)[1], 0.5F);
  }
}

TEST(TorchScript, RefusesAnswersThatAreNoTensorOfScores) {
  EXPECT_THAT(predict_message(file_of("    return (torch.flatten(x, 1), x)")),
              AllOf(HasSubstr("answered a Tuple, expected one tensor"), HasSubstr("4 x N")));
  EXPECT_THAT(predict_message(file_of("    return torch.flatten(x, 1).long()")),
              AllOf(HasSubstr("answered a tensor of type Long"), HasSubstr("floating-point")));
  EXPECT_THAT(predict_message(file_of("    return torch.flatten(x, 1).to(1)")),
              AllOf(HasSubstr("a tensor of type Char"), HasSubstr("dequantised"),
                    Not(HasSubstr("labels"))));
}

TEST(TorchScript, LeavesNonFiniteScoresNonFinite) {
  const std::string path = model_file();
  test::save_nan_above(path, 1, 4, 4, 3, 0.5);
  ImageBatch batch;
  batch.add(Image(4, 4, CV_8UC1, cv::Scalar(50)));
  batch.add(Image(4, 4, CV_8UC1, cv::Scalar(200)));
  const Scores scores = load(path)->predict(batch);
  EXPECT_TRUE(scores.finite(0));
  EXPECT_FALSE(scores.finite(1));
}

TEST(TorchScript, SaysInOneLineWhatTheModuleRaised) {
  const std::string path = model_file();
  test::save_throws_above(path, 1, 4, 4, 3, 0.5);
  const auto model = load(path);
  EXPECT_NO_THROW(model->predict(Image(4, 4, CV_8UC1, cv::Scalar(50))));
  const Image bright(4, 4, CV_8UC1, cv::Scalar(200));
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(bright); }),
              AllOf(HasSubstr(path), HasSubstr("failed on 1 image(s) of 4 x 4 x 1"),
                    HasSubstr("too bright for me"), Not(HasSubstr("\n"))));
}

TEST(TorchScript, SaysInOneLineWhatLibTorchRaised) {
  const std::string path = model_file();
  test::save_linear(path, 3, 5, 5, 3);
  EXPECT_THAT(predict_message(path),
              AllOf(HasSubstr(path), HasSubstr("(4x16 and 75x3)"), Not(HasSubstr("\n"))));
}

TEST(TorchScript, SaysWhatToDoAboutOtherTypes) {
  EXPECT_THAT(predict_message(file_of("    w = torch.ones([16, 3]).double()\n"
                                      "    return torch.matmul(torch.flatten(x, 1), w)")),
              AllOf(HasSubstr("; dflare feeds float32, and its weights are of another type"),
                    Not(HasSubstr("\n")), Not(HasSubstr("Traceback"))));
#if TORCH_VERSION_MAJOR < 2  // which has no softmax of halves on a CPU; later ones have
  EXPECT_THAT(predict_message(file_of("    return torch.softmax(torch.flatten(x, 1).half(), 1)")),
              AllOf(HasSubstr("not implemented for 'Half'; fp16 (Half) has few CPU kernels"),
                    HasSubstr("set device: cuda")));
#endif
}

TEST(TorchScript, RefusesAModuleWithoutForward) {
  torch::jit::Module module("Nothing");
  module.define("\ndef other(self, x):\n    return x\n");
  const std::string path = model_file();
  module.save(path);
  EXPECT_THAT(message_of<ModelError>([&] { load(path); }),
              AllOf(HasSubstr(path), HasSubstr("no method forward")));
}

at::Tensor twice(at::Tensor x) {
  return x.mul(2);
}

TEST(TorchScript, NamesAnOperatorThatIsNotThere) {
  std::string path;
  {
    const auto known_here =
        torch::RegisterOperators().op("aten::dflare_twice(Tensor x) -> Tensor", &twice);
    path = file_of("    return torch.dflare_twice(x)");
  }
  EXPECT_THAT(message_of<ModelError>([&] { load(path); }),
              AllOf(HasSubstr(path), HasSubstr("the operator aten::dflare_twice, which LibTorch "),
                    HasSubstr("does not have"), Not(HasSubstr("\n"))));
}

TEST(TorchScript, ReplicasAnswerBitForBitTheSameInOtherThreads) {
  const std::string path = model_file();
  test::save_cnn(path, 3, 16, 16, 10);
  const auto model = load(path);
  const ImageBatch batch = pictures(9, 16, 16, 3);
  const std::vector<float> expected = scores_of(*model, batch);
  std::vector<std::vector<float>> answers(4);
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&answer, &batch, replica = model->replicate()] {
      ImageBatch own;
      for (std::size_t i = 0; i < batch.size(); ++i) own.add(batch[i]);
      for (int run = 0; run < 5; ++run) answer = scores_of(*replica, own);
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& answer : answers) EXPECT_EQ(answer, expected);
}

TEST(TorchScript, ReplicasDoNotReadTheFileAgain) {
  const std::string path = model_file();
  test::save_linear(path, 1, 4, 4, 3);
  const auto model = load(path);
  boost::filesystem::remove(path);
  const ImageBatch batch = pictures(3, 4, 4, 1);
  EXPECT_EQ(scores_of(*model->replicate(), batch), scores_of(*model, batch));
}

TEST(TorchScript, PerturbedModelsDifferALittle) {
  const std::string path = model_file(), other = model_file() + "h";
  test::save_linear(path, 1, 8, 8, 4);
  test::save_linear(other, 1, 8, 8, 4, 0.01);
  const ImageBatch batch = pictures(3, 8, 8, 1);
  const std::vector<float> a = scores_of(*load(path), batch), b = scores_of(*load(other), batch);
  EXPECT_NE(a, b);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 0.05);
}

}  // namespace
}  // namespace dflare
