#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

#include <atomic>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/torch.hpp"
#include "model/scores_of.hpp"
#include "support/decimal_comma.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using test::pictures;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;

torch::nn::Sequential classifier() {
  return torch::nn::Sequential(torch::nn::Flatten(), torch::nn::Linear(16, 8),
                               torch::nn::Dropout(0.5), torch::nn::Linear(8, 3));
}

// Counts how many threads are inside forward() at once. Not Cloneable.
struct CrowdedImpl : torch::nn::Module {
  CrowdedImpl() { linear = register_module("linear", torch::nn::Linear(16, 3)); }
  torch::Tensor forward(const torch::Tensor& batch) {
    most = std::max(most.load(), ++inside);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const torch::Tensor answer = linear(batch.flatten(1));
    --inside;
    return answer;
  }
  torch::nn::Linear linear{nullptr};
  std::atomic<int> inside{0}, most{0};
};
TORCH_MODULE(Crowded);

// Cloneable itself, but a part of it is not: clone() gives that part fresh random weights.
struct HalfCloneableImpl : torch::nn::Cloneable<HalfCloneableImpl> {
  HalfCloneableImpl() { reset(); }
  void reset() override { part = register_module("part", std::make_shared<CrowdedImpl>()); }
  torch::Tensor forward(const torch::Tensor& batch) { return part->forward(batch); }
  std::shared_ptr<CrowdedImpl> part;
};
TORCH_MODULE(HalfCloneable);

std::vector<float> in_another_thread(const Model& model) {
  std::vector<float> scores;
  std::thread([&scores, replica = model.replicate()] {
    scores = scores_of(*replica, pictures(3, 4, 4, 1));
  }).join();
  return scores;
}

TEST(WrapScriptModule, AnswersAsTheModuleDidWhenItWasWrapped) {
  torch::jit::Module module("Scale");
  module.register_parameter("factor", torch::full({1}, 2.0), false);
  module.define("\ndef forward(self, x):\n    return torch.flatten(x, 1) * self.factor\n");
  const auto model = wrap(module, "the scale");
  const ImageBatch batch = pictures(3, 4, 4, 1);
  const std::vector<float> before = scores_of(*model, batch);
  {
    const torch::NoGradGuard no_gradients;
    module.attr("factor").toTensor().fill_(3);
  }
  EXPECT_EQ(scores_of(*model, batch), before);
  EXPECT_NE(scores_of(*wrap(module, "changed"), batch), before);
  EXPECT_EQ(in_another_thread(*model), before);
  EXPECT_EQ(model->info().name, "the scale");
  EXPECT_EQ(model->info().path, "");
  EXPECT_EQ(model->info().sha256, "");
  EXPECT_EQ(model->info().backend, "TorchScript");
}

TEST(WrapScriptModule, NamesTheModelInErrors) {
  torch::jit::Module module("Empty");
  EXPECT_THAT(message_of<ModelError>([&] { wrap(module, "hollow"); }),
              AllOf(HasSubstr("model 'hollow'"), HasSubstr("no method forward")));
}

struct NotForFiles : torch::CustomClassHolder {};

TEST(WrapScriptModule, RefusesAModuleThatCannotBeSaved) {
  torch::jit::Module module("Bound");
  module.register_attribute("thing", c10::CapsuleType::get(),
                            c10::IValue::make_capsule(c10::make_intrusive<NotForFiles>()));
  EXPECT_THAT(message_of<ModelError>([&] { wrap(module, "bound"); }),
              AllOf(HasSubstr("model 'bound'"), HasSubstr("cannot be copied by saving it"),
                    HasSubstr("wrap a function that calls it")));
}

TEST(WrapScriptModule, IsNotSavedWithDecimalCommas) {
  torch::jit::Module module("Half");
  module.define("\ndef forward(self, x):\n    return torch.flatten(x * 0.5, 1)\n");
  EXPECT_NO_THROW(wrap(module, "half"));
  const test::DecimalComma comma;
  EXPECT_THAT(message_of<ModelError>([&] { wrap(module, "half"); }),
              AllOf(HasSubstr("model 'half'"), HasSubstr("writes 1234.5 as '1.234,5'"),
                    HasSubstr("std::locale::global(std::locale::classic())")));
}

TEST(WrapModule, AnswersInEvaluationModeWhateverTheModuleIsIn) {
  torch::nn::Sequential module = classifier();
  const auto model = wrap(module, "sequential");
  EXPECT_FALSE(module->is_training());
  const ImageBatch batch = pictures(3, 4, 4, 1);
  const std::vector<float> expected = scores_of(*model, batch);
  module->train();
  EXPECT_EQ(scores_of(*model, batch), expected);
  EXPECT_EQ(model->info().backend, "LibTorch function");
  EXPECT_EQ(model->info().path, "");
}

TEST(WrapModule, SharesTheModuleAndClonesItForOtherThreads) {
  torch::nn::Sequential module = classifier();
  const auto model = wrap(module, "sequential");
  const auto replica = model->replicate();
  const ImageBatch batch = pictures(3, 4, 4, 1);
  const std::vector<float> before = scores_of(*model, batch);
  EXPECT_EQ(in_another_thread(*model), before);
  {
    const torch::NoGradGuard no_gradients;
    module->parameters()[0].add_(1);
  }
  EXPECT_NE(scores_of(*model, batch), before);
  EXPECT_EQ(scores_of(*replica, batch), before);
}

TEST(WrapModule, ThreadsTakeTurnsWithAModuleThatCannotBeCloned) {
  const Crowded module;
  const auto model = wrap(module, "crowded");
  const std::vector<float> expected = scores_of(*model, pictures(3, 4, 4, 1));
  std::vector<std::thread> threads;
  std::vector<std::vector<float>> answers(4);
  for (auto& answer : answers) {
    threads.emplace_back([&answer, replica = model->replicate()] {
      for (int run = 0; run < 5; ++run) answer = scores_of(*replica, pictures(3, 4, 4, 1));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& answer : answers) EXPECT_EQ(answer, expected);
  EXPECT_EQ(module->most, 1);
}

TEST(WrapModule, DoesNotTrustACloneThatLostItsWeights) {
  const HalfCloneable module;
  const auto model = wrap(module, "half");
  EXPECT_EQ(in_another_thread(*model), scores_of(*model, pictures(3, 4, 4, 1)));
}

TEST(WrapModule, TakesASharedPointer) {
  const auto module = std::make_shared<CrowdedImpl>();
  EXPECT_EQ(wrap(module, "pointer")->predict(pictures(2, 4, 4, 1)).classes(), 3);
}

TEST(WrapFunction, GivesTheFunctionFloatsWithoutGradients) {
  InputSpec spec;
  spec.high = 255;
  LoadOptions options;
  options.input = spec;
  bool gradients = true;
  const auto model = wrap(
      [&gradients](const torch::Tensor& batch) {
        gradients = torch::GradMode::is_enabled();
        return batch.flatten(1);
      },
      "identity", options);
  const Scores scores = model->predict(Image(1, 2, CV_8UC1, cv::Scalar(3)));
  EXPECT_EQ(scores.row(0)[0], 0.5F);
  EXPECT_FALSE(gradients);
}

TEST(WrapFunction, UsesTheCopiesItIsGiven) {
  const Forward one = [](const torch::Tensor& batch) { return batch.flatten(1); };
  const Forward two = [](const torch::Tensor& batch) { return batch.flatten(1) * 2; };
  const auto model = wrap(one, "two-faced", {}, [two] { return two; });
  EXPECT_NE(in_another_thread(*model), scores_of(*model, pictures(3, 4, 4, 1)));
}

TEST(WrapFunction, SaysWhatTheFunctionThrew) {
  const Forward throws = [](const torch::Tensor&) -> torch::Tensor {
    throw std::runtime_error("no more forwards");
  };
  EXPECT_EQ(message_of<ModelError>([&] { wrap(throws, "tired")->predict(pictures(2, 4, 4, 1)); }),
            "model 'tired': failed on 2 image(s) of 4 x 4 x 1: no more forwards");
}

TEST(WrapFunction, RefusesWhatIsNoScore) {
  const Forward nothing = [](const torch::Tensor&) { return torch::Tensor(); };
  EXPECT_THAT(message_of<ModelError>([&] { wrap(nothing, "mute")->predict(pictures(2, 4, 4, 1)); }),
              AllOf(HasSubstr("model 'mute'"), HasSubstr("undefined tensor")));
}

TEST(WrapFunction, RefusesAnEmptyFunctionAndAnUnknownDevice) {
  EXPECT_THAT(message_of<ModelError>([] { wrap(Forward(), "void"); }),
              AllOf(HasSubstr("model 'void'"), HasSubstr("is empty")));
  LoadOptions options;
  options.device = "tpu";
  const Forward identity = [](const torch::Tensor& batch) { return batch.flatten(1); };
  EXPECT_THAT(message_of<ModelError>([&] { wrap(identity, "far", options); }),
              AllOf(HasSubstr("model 'far'"), HasSubstr("device 'tpu'")));
}

}  // namespace
}  // namespace dflare
