#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/random.hpp"
#include "dflare/seeds.hpp"
#include "dflare/torch.hpp"
#include "model/finite_differences.hpp"
#include "model/scores_of.hpp"
#include "support/fake_models.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare {
namespace {

using test::expect_finite_differences;
using test::message_of;
using test::noisy;
using test::picture;
using test::pictures;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string model_file(const std::string& name = "model.pt") {
  return test::fresh_folder() + "/" + name;
}

/// A module whose forward has this body; `weight` is a parameter of it.
std::shared_ptr<Model> scripted(const std::string& body, const at::Tensor& weight = at::ones({1}),
                                const InputSpec& input = {}) {
  torch::jit::Module module("Custom");
  module.register_parameter("weight", weight, false);
  module.define("\ndef forward(self, x):\n" + body + "\n");
  LoadOptions options;
  options.input = input;
  return wrap(module, "custom", options);
}

constexpr const char* linear_body = "    return torch.linear(torch.flatten(x, 1), self.weight)";
constexpr const char* softmax_body =
    "    return torch.softmax(torch.linear(torch.flatten(x, 1), self.weight), 1)";

at::Tensor random_weights(std::int64_t classes, std::int64_t inputs) {
  at::Tensor weights = at::empty({classes, inputs}, at::kFloat);
  Random random(5);
  for (std::int64_t i = 0; i < weights.numel(); ++i) {
    weights.data_ptr<float>()[i] = static_cast<float>(random.uniform(-0.5, 0.5));
  }
  return weights;
}

float value_at(const cv::Mat& gradient, int y, int x, int channel) {
  return gradient.ptr<float>(y)[x * gradient.channels() + channel];
}

/// Compares with what a linear model of these weights must have.
void expect_linear_gradient(const cv::Mat& gradient, const at::Tensor& weights,
                            const InputSpec& spec, int a, int b) {
  const int channels = gradient.channels(), height = gradient.rows, width = gradient.cols;
  const bool planar = spec.layout == Layout::nchw;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const int index = planar ? (c * height + y) * width + x : (y * width + x) * channels + c;
        const auto stddev =
            spec.stddev.empty() ? 1.0F : spec.stddev[spec.stddev.size() == 1 ? 0 : std::size_t(c)];
        const float weight = weights[a][index].item<float>() - weights[b][index].item<float>();
        EXPECT_NEAR(value_at(gradient, y, x, c), weight * (spec.high - spec.low) / 255 / stddev,
                    1e-6)
            << y << ' ' << x << ' ' << c;
      }
    }
  }
}

/// log p[a] - log p[b].
double log_ratio(Model& model, const Image& image, int a, int b) {
  const Scores scores = model.predict(image);
  return std::log(static_cast<double>(scores.row(0)[a])) -
         std::log(static_cast<double>(scores.row(0)[b]));
}

/// A fake with what a backend might answer as gradient.
class FakeGradients : public test::FakeModel {
 public:
  explicit FakeGradients(std::vector<float> gradient)
      : FakeModel(test::brightness(0.5)), gradient_(std::move(gradient)) {}
  bool has_gradients() const override { return true; }

 protected:
  std::vector<float> input_gradient(const ImageBatch&, int, int) override { return gradient_; }

 private:
  std::vector<float> gradient_;
};

TEST(Gradient, OfALinearModelIsItsWeightsInPixels) {
  const at::Tensor weights = random_weights(4, 6 * 5);
  InputSpec spec;
  EXPECT_TRUE(scripted(linear_body, weights)->has_gradients());
  expect_linear_gradient(scripted(linear_body, weights)->gradient(picture(6, 5, 1), 2, 0), weights,
                         spec, 2, 0);
  spec.low = -1;
  spec.mean = {0.1F};
  spec.stddev = {0.3F};
  expect_linear_gradient(scripted(linear_body, weights, spec)->gradient(picture(6, 5, 1), 1, 3),
                         weights, spec, 1, 3);
}

TEST(Gradient, FollowsTheLayoutAndTheScaleOfEachChannel) {
  const at::Tensor weights = random_weights(3, 6 * 5 * 3);
  InputSpec spec;
  spec.low = 2;
  spec.high = -3;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.2F, 0.5F, 0.9F};
  for (const Layout layout : {Layout::nchw, Layout::nhwc}) {
    spec.layout = layout;
    const cv::Mat gradient = scripted(linear_body, weights, spec)->gradient(picture(6, 5, 3), 2, 1);
    ASSERT_EQ(gradient.type(), CV_32FC3);
    expect_linear_gradient(gradient, weights, spec, 2, 1);
  }
}

TEST(Gradient, IsTheSameWhereTheModelAnswersProbabilities) {
  const at::Tensor weights = random_weights(4, 6 * 5);
  InputSpec spec;
  spec.output = Output::probabilities;
  expect_linear_gradient(scripted(softmax_body, weights, spec)->gradient(picture(6, 5, 1), 2, 0),
                         weights, spec, 2, 0);
}

TEST(Gradient, OfAProbabilityThatIsZeroIsFinite) {
  InputSpec spec;
  spec.output = Output::probabilities;
  const at::Tensor weights = random_weights(3, 6 * 5) * 1e4;
  const auto model = scripted(softmax_body, weights, spec);
  const Scores scores = model->predict(picture(6, 5, 1));
  EXPECT_EQ(*std::min_element(scores.row(0), scores.row(0) + 3), 0);
  EXPECT_NO_THROW(model->gradient(picture(6, 5, 1), 0, 1));
  EXPECT_NO_THROW(model->gradient(picture(6, 5, 1), 1, 2));
}

TEST(Gradient, OfOneScoreForTwoClasses) {
  const at::Tensor weights = random_weights(1, 6 * 5);
  const at::Tensor two = torch::cat({torch::zeros({1, 6 * 5}), weights});
  InputSpec spec;
  const auto expect_gradients = [&](const std::string& body, Output output) {
    spec.output = output;
    const auto model = scripted(body, weights, spec);
    expect_linear_gradient(model->gradient(picture(6, 5, 1), 1, 0), two, spec, 1, 0);
    expect_linear_gradient(model->gradient(picture(6, 5, 1), 0, 1), two, spec, 0, 1);
    EXPECT_EQ(cv::countNonZero(model->gradient(picture(6, 5, 1), 1, 1)), 0);
    EXPECT_THAT(message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), 0, 2); }),
                HasSubstr("give classes from 0 to 1"));
  };
  const std::string sigmoid_body =
      "    return torch.sigmoid(torch.linear(torch.flatten(x, 1), self.weight))";
  expect_gradients(linear_body, Output::logits);
  for (const Output output : {Output::probabilities, Output::automatic})
    expect_gradients(sigmoid_body, output);
}

TEST(Gradient, OfAClassWithItselfIsZero) {
  const auto model = scripted(linear_body, random_weights(4, 6 * 5));
  EXPECT_EQ(cv::countNonZero(model->gradient(picture(6, 5, 1), 1, 1)), 0);
}

TEST(Gradient, TakesHalfAndDoubleScores) {
  const at::Tensor weights = random_weights(3, 6 * 5);
  for (const std::string conversion : {".double()", ".half()"}) {
    const auto model = scripted(linear_body + conversion, weights);
    expect_linear_gradient(model->gradient(picture(6, 5, 1), 0, 2), weights, {}, 0, 2);
  }
}

TEST(Gradient, OfAModelThatChangesItsInputInPlace) {
  const at::Tensor weights = random_weights(3, 6 * 5);
  const auto model = scripted(
      "    return torch.linear(torch.flatten(x.mul_(3).add_(1), 1), self.weight / 3)", weights);
  expect_linear_gradient(model->gradient(picture(6, 5, 1), 0, 2), weights, {}, 0, 2);
}

TEST(Gradient, IsOfTheImageBeforeItsResizing) {
  const Image image = noisy(picture(20, 30, 3));
  for (const ImageSize size : {ImageSize{9, 14}, ImageSize{10, 30}, ImageSize{27, 14}}) {
    InputSpec spec;
    spec.size = size;
    spec.resize = true;
    const auto model =
        scripted(linear_body, random_weights(3, size.height * size.width * 3) * 0.3, spec);
    const cv::Mat gradient = model->gradient(image, 0, 1);
    ASSERT_EQ(gradient.size(), image.size());
    // The steps are large, since resizing rounds to whole grey levels.
    Image up = image.clone(), down = image.clone();
    double expected = 0;
    for (int y = 0; y < image.rows; ++y) {
      for (int x = 0; x < image.cols * 3; ++x) {
        const float slope = gradient.ptr<float>(y)[x];
        const int step = slope > 0 ? 20 : -20;
        up.ptr(y)[x] = static_cast<unsigned char>(up.ptr(y)[x] + step);
        down.ptr(y)[x] = static_cast<unsigned char>(down.ptr(y)[x] - step);
        expected += step * static_cast<double>(slope);
      }
    }
    const double difference = (log_ratio(*model, up, 0, 1) - log_ratio(*model, down, 0, 1)) / 2;
    EXPECT_NEAR(difference / expected, 1, 0.02) << size.height << " x " << size.width;
  }
}

TEST(Gradient, OfASmallNetworkAgreesWithFiniteDifferences) {
  const std::string path = model_file();
  test::save_cnn(path, 3, 12, 10, 5);
  InputSpec spec;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  expect_finite_differences(path, spec, noisy(picture(12, 10, 3)));
}

class RealGradients : public testing::Test {
 protected:
  void SetUp() override {
    if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
    spec_.size = {28, 28};
    spec_.channels = 1;
  }
  std::string file(const std::string& name) { return test::data_folder() + "/models/" + name; }
  Image digit(std::size_t index) {
    const std::string folder = test::data_folder() + "/data/mnist/";
    return SeedSet::idx(folder + "t10k-images-idx3-ubyte.gz", folder + "t10k-labels-idx1-ubyte.gz")
        .load(index)
        .image;
  }
  InputSpec spec_;
};

TEST_F(RealGradients, OfLeNet5AgreeWithFiniteDifferences) {
  for (std::size_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(seed);
    expect_finite_differences(file("mnist_lenet5.pt"), spec_, noisy(digit(seed)));
  }
}

TEST_F(RealGradients, OfResNet20AgreeWithFiniteDifferences) {
  InputSpec spec;
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  const SeedSet seeds = SeedSet::cifar10(test::data_folder() + "/data/cifar10/test_batch.bin");
  for (std::size_t seed = 0; seed < 3; ++seed) {
    SCOPED_TRACE(seed);
    expect_finite_differences(file("cifar10_resnet20.pt"), spec, noisy(seeds.load(seed).image));
  }
}

TEST_F(RealGradients, OfAnInt8ModelThereAreNone) {
  const auto lenet = load(file("mnist_lenet5_int8.pt"), spec_);
  EXPECT_FALSE(lenet->has_gradients());
  EXPECT_EQ(message_of<ModelError>([&] { lenet->gradient(digit(0), 0, 1); }),
            "model '" + lenet->info().name +
                "': its backend (TorchScript, int8 under the quantised engine '" +
                lenet->info().engine +
                "') has no gradients; choose a search that needs none, with the search option "
                "path: transform or path: blend");
}

TEST_F(RealGradients, LeavePredictionsAndLaterGradientsAsTheyWere) {
  const auto lenet = load(file("mnist_lenet5.pt"), spec_);
  ImageBatch batch;
  for (std::size_t i = 0; i < 5; ++i) batch.add(digit(i));
  const std::vector<float> before = scores_of(*lenet, batch);
  const cv::Mat first = lenet->gradient(batch[1], 2, 3);
  for (std::size_t i = 0; i < 5; ++i) lenet->gradient(batch[i], 2, 3);
  EXPECT_EQ(scores_of(*lenet, batch), before);
  EXPECT_EQ(cv::norm(first, lenet->gradient(batch[1], 2, 3), cv::NORM_INF), 0);
  // Neither does it matter which of the two comes first.
  const auto other = load(file("mnist_lenet5.pt"), spec_);
  EXPECT_EQ(cv::norm(first, other->gradient(batch[1], 2, 3), cv::NORM_INF), 0);
  EXPECT_EQ(scores_of(*other, batch), before);
}

TEST(Gradient, IsTheSameInOtherThreads) {
  const std::string path = model_file();
  test::save_cnn(path, 3, 12, 10, 5);
  const std::shared_ptr<Model> models[] = {
      load(path), wrap([weights = random_weights(3, 360)](
                           const torch::Tensor& x) { return x.flatten(1).matmul(weights.t()); },
                       "shared")};
  for (const auto& model : models) {
    const cv::Mat expected = model->gradient(picture(12, 10, 3), 0, 1);
    std::vector<cv::Mat> gradients(4);
    std::vector<std::thread> threads;
    for (cv::Mat& gradient : gradients) {
      threads.emplace_back([&gradient, replica = model->replicate()] {
        for (int run = 0; run < 5; ++run) {
          replica->predict(picture(12, 10, 3));
          gradient = replica->gradient(picture(12, 10, 3), 0, 1);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const cv::Mat& gradient : gradients) {
      ASSERT_FALSE(gradient.empty());
      EXPECT_EQ(cv::norm(expected, gradient, cv::NORM_INF), 0);
    }
  }
}

TEST(Gradient, OfAFunctionIsItsOwn) {
  const at::Tensor weights = random_weights(3, 6 * 5);
  bool gradients = false;
  const auto model = wrap(
      [&](const torch::Tensor& batch) {
        gradients = torch::GradMode::is_enabled();
        return batch.flatten(1).matmul(weights.t());
      },
      "function");
  EXPECT_TRUE(model->has_gradients());
  const torch::NoGradGuard callers_own;
  expect_linear_gradient(model->gradient(picture(6, 5, 1), 0, 2), weights, {}, 0, 2);
  EXPECT_TRUE(gradients);
  EXPECT_FALSE(torch::GradMode::is_enabled());
}

TEST(Gradient, OfAModuleLeavesItsParametersAlone) {
  const torch::nn::Linear linear(30, 3);
  const torch::nn::Sequential module(torch::nn::Flatten(), linear);
  const auto model = wrap(module, "module");
  const ImageBatch batch = pictures(3, 6, 5, 1);
  const std::vector<float> before = scores_of(*model, batch);
  const at::Tensor weights = linear->weight.detach().clone();
  expect_linear_gradient(model->gradient(picture(6, 5, 1), 0, 2), weights, {}, 0, 2);
  for (const torch::Tensor& parameter : module->parameters()) {
    EXPECT_TRUE(parameter.requires_grad());
    EXPECT_FALSE(parameter.grad().defined());
  }
  EXPECT_TRUE(torch::equal(linear->weight, weights));
  EXPECT_EQ(scores_of(*model, batch), before);
}

TEST(NoGradient, WhereTheBackendHasNone) {
  test::FakeModel model(test::brightness(0.5), "x");
  EXPECT_FALSE(model.has_gradients());
  EXPECT_EQ(message_of<ModelError>([&] { model.gradient(picture(8, 8, 1), 0, 1); }),
            "model 'x': its backend (fake) has no gradients; choose a search that needs none, with "
            "the search option path: transform or path: blend");
  EXPECT_TRUE(model.batches.empty());
}

TEST(NoGradient, OfClassesThatAreNotThere) {
  const auto model = scripted(linear_body, random_weights(4, 6 * 5));
  const auto message = [&](int a, int b) {
    return message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), a, b); });
  };
  EXPECT_EQ(message(4, 0),
            "model 'custom': a gradient is asked for class 4, but the model has 4 classes; give "
            "classes from 0 to 3");
  EXPECT_THAT(message(0, -1), HasSubstr("asked for class -1, but the model has 4 classes"));
}

TEST(NoGradient, OfImagesThatDoNotFit) {
  InputSpec spec;
  spec.size = {6, 5};
  const auto model = scripted(linear_body, random_weights(4, 6 * 5), spec);
  EXPECT_THAT(message_of<ModelError>([&] { model->gradient(picture(5, 5, 1), 0, 1); }),
              AllOf(StartsWith("model 'custom': the image is 5 x 5 x 1"), HasSubstr("6 x 5")));
  model->predict(picture(6, 5, 1));
  EXPECT_THAT(message_of<ModelError>([&] { model->gradient(picture(5, 5, 1), 0, 1); }),
              AllOf(StartsWith("model 'custom': the image is 5 x 5 x 1"), HasSubstr("6 x 5")));
}

TEST(NoGradient, OfLogitsWhereProbabilitiesWerePromised) {
  InputSpec spec;
  spec.output = Output::probabilities;
  const auto model = scripted(linear_body, random_weights(4, 6 * 5), spec);
  EXPECT_THAT(message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), 0, 1); }),
              AllOf(StartsWith("model 'custom': the scores"), HasSubstr("set output: logits")));
}

TEST(NoGradient, WhereTheAnswerIsCutOffFromTheInput) {
  const std::string expected =
      "it cannot be differentiated with respect to its input: its forward detaches the input, "
      "turns gradients off, or uses operators that have no derivative; wrap or export it so that "
      "its scores can be traced back to its input, or set the search option path: transform or "
      "path: blend, which need no gradients";
  at::Tensor trained = random_weights(3, 6 * 5);
  trained.requires_grad_();
  const Forward forwards[] = {
      [](const torch::Tensor& x) { return x.flatten(1).detach(); },
      [](const torch::Tensor& x) { return x.flatten(1).mul(255).to(at::kInt).to(at::kFloat); },
      [](const torch::Tensor& x) {
        const torch::NoGradGuard none;
        return x.flatten(1) * 2;
      },
      [](const torch::Tensor& x) {
        const c10::InferenceMode none;
        return x.flatten(1) * 2;
      },
      // The answer has a gradient, though not of the input.
      [trained](const torch::Tensor& x) { return x.flatten(1).detach().matmul(trained.t()); }};
  for (const Forward& forward : forwards) {
    const auto model = wrap(forward, "cut off");
    EXPECT_EQ(message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), 0, 1); }),
              "model 'cut off': " + expected);
  }
  EXPECT_EQ(message_of<ModelError>([&] {
              scripted("    return torch.flatten(x, 1).detach() * self.weight")
                  ->gradient(picture(6, 5, 1), 0, 1);
            }),
            "model 'custom': " + expected);
}

TEST(NoGradient, WhereLibTorchCannotDifferentiate) {
  const auto model = wrap(
      [](const torch::Tensor& x) {
        torch::Tensor exponential = x.flatten(1).exp();
        torch::Tensor scores = exponential * 1;
        exponential.detach().add_(1);  // unseen by the graph ...
        exponential.add_(1);           // ... and what exp()'s derivative needs, gone
        return scores;
      },
      "spoilt");
  EXPECT_THAT(message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), 0, 1); }),
              AllOf(StartsWith("model 'spoilt': it cannot be differentiated with respect to its "
                               "input: one of the variables needed for gradient computation has "
                               "been modified by an inplace operation"),
                    HasSubstr("path: transform")));
}

TEST(NoGradient, WhereTheModelItselfFails) {
  const std::string path = model_file();
  test::save_throws_above(path, 1, 4, 4, 3, 0.5);
  const auto model = load(path);
  EXPECT_NO_THROW(model->gradient(Image(4, 4, CV_8UC1, cv::Scalar(50)), 0, 1));
  EXPECT_THAT(
      message_of<ModelError>([&] { model->gradient(Image(4, 4, CV_8UC1, cv::Scalar(200)), 0, 1); }),
      AllOf(StartsWith("model '" + path + "': failed on 1 image(s) of 4 x 4 x 1: "),
            HasSubstr("too bright for me")));
}

TEST(NoGradient, WhereTheModelStopsAnsweringScores) {
  bool scalar = false;
  const auto model =
      wrap([&](const torch::Tensor& x) { return scalar ? x.sum() : x.flatten(1); }, "moody");
  EXPECT_NO_THROW(model->gradient(picture(6, 5, 1), 0, 1));
  scalar = true;
  EXPECT_THAT(
      message_of<ModelError>([&] { model->gradient(picture(6, 5, 1), 0, 1); }),
      StartsWith("model 'moody': answered a tensor of shape (), expected images x classes"));
}

TEST(NoGradient, WhereItIsNoFiniteNumber) {
  const auto model =
      wrap([](const torch::Tensor& x) { return x.flatten(1).sub(0.2).sqrt(); }, "rooted");
  EXPECT_EQ(message_of<ModelError>([&] { model->gradient(Image::zeros(1, 2, CV_8UC1), 0, 1); }),
            "model 'rooted': its gradient at an image of 1 x 2 x 1 is NaN or infinite in 2 of 2 "
            "values: its scores or their derivatives are no finite numbers there; leave the image "
            "out, or choose a search that needs none, with the search option path: transform or "
            "path: blend");
  FakeGradients infinite({0, std::numeric_limits<float>::infinity(), 0, 0});
  EXPECT_THAT(message_of<ModelError>([&] { infinite.gradient(picture(2, 2, 1), 0, 1); }),
              HasSubstr("infinite in 1 of 4 values"));
}

TEST(NoGradient, WhereTheBackendsAnswerHasTheWrongSize) {
  FakeGradients model({1, 2, 3});
  EXPECT_EQ(message_of<ModelError>([&] { model.gradient(picture(2, 2, 1), 0, 1); }),
            "model 'fake': its backend answered a gradient of 3 values; expected 2 x 2 x 1 = 4");
}

}  // namespace
}  // namespace dflare
