#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <future>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/openvino_models.hpp"
#include "model/scores_of.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using namespace test;  // NOLINT: the tests' own helpers
using testing::MatchesRegex;

/// What linear_over() makes of an image's floats.
std::vector<float> logits_of(const std::vector<float>& values, int classes) {
  std::vector<float> logits(static_cast<std::size_t>(classes), 0);
  for (std::size_t i = 0; i < values.size() * logits.size(); ++i) {
    logits[i % logits.size()] += values[i / logits.size()] * std::sin(static_cast<float>(7 * i));
  }
  return logits;
}

std::vector<float> softmax_of(std::vector<float> row) {
  const float top = *std::max_element(row.begin(), row.end());
  float sum = 0;
  for (float& value : row) sum += value = std::exp(value - top);
  for (float& value : row) value /= sum;
  return row;
}

std::vector<float> row_of(const Scores& scores, int i) {
  return {scores.row(i), scores.row(i) + scores.classes()};
}

/// Of a picture, as 0..1, in the layout.
std::vector<float> floats_of(const Image& image, Layout layout) {
  InputSpec spec;
  spec.layout = layout;
  ImageBatch batch(std::vector<Image>{image});
  const ImageBatch::Floats floats = batch.floats(spec);
  return {floats.data, floats.data + image.total() * static_cast<std::size_t>(image.channels())};
}

void expect_near(const std::vector<float>& a, const std::vector<float>& b, float slack) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], slack) << "score " << i;
}

/// Some of these models' logits lie within 0 to 1, as probabilities do.
InputSpec logits_out() {
  InputSpec spec;
  spec.output = Output::logits;
  return spec;
}

TEST(OpenVino, AnswersWhatTheFileComputes) {
  const std::string path = linear_ir();
  const auto model = load(path);
  const Scores scores = model->predict(pictures(5, 4, 4, 1));
  ASSERT_EQ(scores.rows(), 5);
  for (int i = 0; i < 5; ++i) {
    const auto floats = floats_of(picture(4, 4, 1, i), Layout::nchw);
    expect_near(row_of(scores, i), softmax_of(logits_of(floats, 3)), 1e-6F);
  }
}

TEST(OpenVino, SaysWhatItIs) {
  const std::string path = linear_ir();
  const auto model = load(path);
  const ModelInfo& info = model->info();
  EXPECT_EQ(info.path, path);
  EXPECT_EQ(info.name, path);
  EXPECT_EQ(info.backend, "OpenVINO");
  EXPECT_THAT(info.runtime, MatchesRegex("OpenVINO 20[0-9]+[.][0-9]+[.][0-9]+"));
  EXPECT_EQ(info.device, "cpu");
  EXPECT_EQ(info.engine, "");
  EXPECT_FALSE(model->has_gradients());
}

TEST(OpenVino, HashesTheWeightsWithTheGraph) {
  const std::string path = linear_ir();
  const std::string weights = boost::filesystem::path(path).replace_extension(".bin").string();
  const ModelInfo info = load(path)->info();
  EXPECT_EQ(info.sha256, sha256_of(sha256_of(read_file(path)) + "  \n" +
                                   sha256_of(read_file(weights)) + "  .bin\n"));
  EXPECT_THAT(info.files, testing::ElementsAre(weights));
}

TEST(OpenVino, TakesSizeChannelsAndLayoutFromTheFile) {
  const InputSpec planar = load(linear_ir())->input();
  EXPECT_EQ(planar.size, (ImageSize{4, 4}));
  EXPECT_EQ(planar.channels, 1);
  const std::string path = save_ir(ov::element::f32, {1, 5, 4, 3}, [](const Node& input) {
    return ov::OutputVector{linear_over(input, 60, 3)};
  });
  const auto model = load(path);
  EXPECT_EQ(model->input().layout, Layout::nhwc);
  EXPECT_EQ(model->input().size, (ImageSize{5, 4}));
  EXPECT_EQ(model->input().channels, 3);
  const Scores scores = model->predict(pictures(2, 5, 4, 3));
  for (int i = 0; i < 2; ++i) {
    const auto floats = floats_of(picture(5, 4, 3, i), Layout::nhwc);
    expect_near(row_of(scores, i), softmax_of(logits_of(floats, 3)), 1e-6F);
  }
}

TEST(OpenVino, TakesTheLayoutThatTheFileNames) {
  const auto input =
      std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{1, 3, 4, 3});
  input->set_layout("NHWC");
  const auto model = std::make_shared<ov::Model>(ov::OutputVector{linear_over(input, 36, 3)},
                                                 ov::ParameterVector{input});
  const std::string path = fresh_folder() + "/layout.xml";
  ov::save_model(model, path, false);
  EXPECT_EQ(load(path)->input().layout, Layout::nhwc);
  EXPECT_EQ(load(path)->input().size, (ImageSize{3, 4}));
}

// A file for one image at once, or for three, answers for any number.
TEST(OpenVino, AsksAFileOfFixedBatchInParts) {
  const auto any = scores_of(*load(linear_ir(), logits_out()), pictures(7, 4, 4, 1));
  for (const int at_once : {1, 3}) {
    const auto model = load(linear_ir({at_once, 1, 4, 4}), logits_out());
    expect_near(scores_of(*model, pictures(7, 4, 4, 1)), any, 1e-6F);
    expect_near(scores_of(*model, pictures(2, 4, 4, 1)), {any.begin(), any.begin() + 6}, 1e-6F);
  }
}

TEST(OpenVino, KnowsASoftmaxByTheGraph) {
  const auto path_of = [](float factor) {
    return save_ir(ov::element::f32, {-1, 1, 4, 4}, [=](const Node& input) {
      const auto softmax = std::make_shared<op::Softmax>(linear_over(input, 16, 3), 1);
      return ov::OutputVector{std::make_shared<op::Multiply>(softmax, number(factor))};
    });
  };
  const auto model = load(path_of(1));
  EXPECT_EQ(model->input().output, Output::probabilities);
  const auto floats = floats_of(picture(4, 4, 1, 0), Layout::nchw);
  expect_near(row_of(model->predict(pictures(1, 4, 4, 1)), 0), softmax_of(logits_of(floats, 3)),
              1e-6F);
  EXPECT_EQ(load(path_of(100))->input().output, Output::automatic);
  LoadOptions logits;
  logits.input.output = Output::logits;
  EXPECT_THAT(message_of<ModelError>([&] { load(path_of(1), logits); }),
              testing::HasSubstr("it says that it answers probabilities, but its input "
                                 "specification says output: logits"));
}

TEST(OpenVino, KnowsALogSoftmaxAndASigmoidByTheGraph) {
  const auto path_of = [](int classes, bool sigmoid) {
    return save_ir(ov::element::f32, {-1, 1, 4, 4}, [=](const Node& input) {
      const Node scores = linear_over(input, 16, classes);
      const Node end = sigmoid ? Node(std::make_shared<op::Sigmoid>(scores))
                               : Node(std::make_shared<op::LogSoftmax>(scores, 1));
      return ov::OutputVector{end};
    });
  };
  EXPECT_EQ(load(path_of(3, true))->input().output, Output::sigmoid);
  EXPECT_EQ(load(path_of(1, true))->input().output, Output::probabilities);
  EXPECT_EQ(load(path_of(3, false))->input().output, Output::logits);
  const Scores one = load(path_of(1, true))->predict(pictures(2, 4, 4, 1));
  ASSERT_EQ(one.classes(), 2);
  EXPECT_FLOAT_EQ(one.row(1)[0] + one.row(1)[1], 1);
}

std::vector<float> probabilities_of(const Image& image, const InputSpec& spec) {
  const ImageBatch batch(std::vector<Image>{image});
  const ImageBatch::Floats floats = batch.floats(spec);
  return softmax_of(logits_of({floats.data, floats.data + 16}, 3));
}

/// Numbers of 8 bits from `low` to `high`, as TFLite files and ONNX's DequantizeLinear are read.
std::string quantised_ir(float low, float high, bool by_fake_quantize) {
  return save_ir(ov::element::i8, {1, 4, 4, 1}, [=](const Node& input) {
    const auto numbers = std::make_shared<op::Convert>(input, ov::element::f32);
    const float scale = (high - low) / 255;
    Node values;
    if (by_fake_quantize) {
      values = std::make_shared<op::FakeQuantize>(numbers, number(-128), number(127), number(low),
                                                  number(high), 256);
    } else {
      const auto zero = number(std::round(-128 - low / scale));
      values = std::make_shared<op::Multiply>(std::make_shared<op::Subtract>(numbers, zero),
                                              number(scale));
    }
    return ov::OutputVector{linear_over(values, 16, 3)};
  });
}

void expect_fed_as_floats(InputSpec spec, const std::string& path) {
  const Image image = picture(4, 4, 1, 2);
  const auto told = load(path, spec), untold = load(path);
  spec.layout = Layout::nhwc;
  const auto wanted = probabilities_of(image, spec);
  constexpr float slack = 0.05F;  // half a step of 2 / 255 times 16 weights
  expect_near(row_of(told->predict(image), 0), wanted, slack);
  expect_near(row_of(untold->predict(image), 0), wanted, slack);
}

TEST(OpenVino, FeedsEightBitNumbersAsTheFloatsOfTheSameSpecification) {
  InputSpec zero_to_one, zero_to_255, minus_one_to_one;
  zero_to_255.high = 255;
  minus_one_to_one.low = -1;
  for (const bool by_fake_quantize : {true, false}) {
    expect_fed_as_floats(zero_to_one, quantised_ir(0, 1, by_fake_quantize));
    expect_fed_as_floats(zero_to_255, quantised_ir(0, 255, by_fake_quantize));
    // Zero point -1, as TFLite's converter rounds -0.5.
    expect_fed_as_floats(minus_one_to_one,
                         quantised_ir(-254 / 255.0F, 256 / 255.0F, by_fake_quantize));
  }
}

TEST(OpenVino, CutsOffWhatADarkCalibrationLeftOut) {
  const auto model = load(quantised_ir(0, 0.3F, true), logits_out());
  const Image image = picture(4, 4, 1, 2);
  std::vector<float> values = floats_of(image, Layout::nhwc);
  for (float& value : values) value = std::min(value, 0.3F);
  expect_near(row_of(model->predict(image), 0), softmax_of(logits_of(values, 3)), 0.02F);
}

TEST(OpenVino, RefusesASpecificationThatEightBitNumbersDoNotHold) {
  InputSpec zero_to_255;
  zero_to_255.high = 255;
  const std::string path = quantised_ir(0, 1, true);
  EXPECT_THAT(message_of<ModelError>([&] { load(path, zero_to_255); }),
              testing::AllOf(testing::HasSubstr("model '" + path + "'"),
                             testing::HasSubstr("scale 0.00392157, zero point -128")));
}

TEST(OpenVino, FeedsPixelsAndReadsEightBitProbabilities) {
  const auto model = load(save_ir(ov::element::u8, {1, 4, 4, 1}, [](const Node& input) {
    const auto floats = std::make_shared<op::Multiply>(
        std::make_shared<op::Convert>(input, ov::element::f32), number(1 / 255.0F));
    const auto softmax = std::make_shared<op::Softmax>(linear_over(floats, 16, 3), 1);
    return ov::OutputVector{to_eight_bits(softmax, 0, 255 / 256.0F, 0, ov::element::u8)};
  }));
  EXPECT_EQ(model->input().output, Output::probabilities);
  const Scores scores = model->predict(pictures(3, 4, 4, 1));
  for (int i = 0; i < 3; ++i) {
    const auto floats = floats_of(picture(4, 4, 1, i), Layout::nhwc);
    expect_near(row_of(scores, i), softmax_of(logits_of(floats, 3)), 0.51F / 256);
    for (const float score : row_of(scores, i)) EXPECT_EQ(score * 256, std::round(score * 256));
  }
}

TEST(OpenVino, FeedsPixelsLess128AndReadsEightBitLogits) {
  const auto model =
      load(save_ir(ov::element::i8, {-1, 1, 4, 4},
                   [](const Node& input) {
                     const auto pixels = std::make_shared<op::Add>(
                         std::make_shared<op::Convert>(input, ov::element::f32), number(128));
                     const auto floats = std::make_shared<op::Multiply>(pixels, number(1 / 255.0F));
                     // 0 is the 8-bit number -28, the step 1/10.
                     return ov::OutputVector{to_eight_bits(linear_over(floats, 16, 3), -10, 15.5F,
                                                           -128, ov::element::i8)};
                   }),
           logits_out());
  const Scores scores = model->predict(pictures(3, 4, 4, 1));
  for (int i = 0; i < 3; ++i) {
    auto logits = logits_of(floats_of(picture(4, 4, 1, i), Layout::nchw), 3);
    for (float& logit : logits) logit = std::round(logit * 10) / 10;
    expect_near(row_of(scores, i), softmax_of(logits), 1e-6F);
  }
}

// Rounded to 1/255, a hundred equal probabilities add up to 1.18.
TEST(OpenVino, AllowsForTheRoundingOfProbabilities) {
  const auto model = load(save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto none = std::make_shared<op::Multiply>(linear_over(input, 16, 100), number(0));
    const auto softmax = std::make_shared<op::Softmax>(none, 1);
    return ov::OutputVector{std::make_shared<op::FakeQuantize>(softmax, number(0), number(1),
                                                               number(0), number(1), 256)};
  }));
  EXPECT_FLOAT_EQ(model->predict(pictures(1, 4, 4, 1)).row(0)[0], 3 / 255.0F);
}

TEST(OpenVino, FeedsFloatsToHalfPrecision) {
  const auto model = load(save_ir(ov::element::f16, {-1, 1, 4, 4},
                                  [](const Node& input) {
                                    const auto floats =
                                        std::make_shared<op::Convert>(input, ov::element::f32);
                                    return ov::OutputVector{std::make_shared<op::Convert>(
                                        linear_over(floats, 16, 3), ov::element::f16)};
                                  }),
                          logits_out());
  const auto logits = logits_of(floats_of(picture(4, 4, 1, 0), Layout::nchw), 3);
  expect_near(row_of(model->predict(pictures(1, 4, 4, 1)), 0), softmax_of(logits), 2e-3F);
}

TEST(OpenVino, LeavesTheFloatsOfTheBatchAlone) {
  const auto model = load(save_ir(ov::element::f32, {-1, 1, 4, 4}, [](const Node& input) {
    const auto shifted = std::make_shared<op::Relu>(
        std::make_shared<op::Subtract>(std::make_shared<op::Relu>(input), number(0.5F)));
    return ov::OutputVector{linear_over(shifted, 16, 3)};
  }));
  const ImageBatch batch = pictures(9, 4, 4, 1);
  const ImageBatch::Floats floats = batch.floats(model->input());
  const std::vector<float> before(floats.data, floats.data + 9 * 16);
  model->predict(batch);
  EXPECT_EQ(std::vector<float>(floats.data, floats.data + 9 * 16), before);
}

TEST(OpenVino, StaysWhatItIsWhenTheFileChanges) {
  const std::string path = linear_ir();
  const auto model = load(path);
  const std::string weights = boost::filesystem::path(path).replace_extension(".bin").string();
  write_atomically(path, "");
  std::string other = read_file(weights);
  std::fill(other.begin(), other.end(), '\1');
  boost::filesystem::ofstream(weights) << other;
  const ImageBatch batch = pictures(4, 4, 4, 1);
  EXPECT_EQ(scores_of(*model->replicate(), batch), scores_of(*model, batch));
}

TEST(OpenVino, AnswersTheSameWhateverCameBeforeAndInAnyThread) {
  const auto model = load(linear_ir());
  const auto fresh = scores_of(*model->replicate(), pictures(31, 4, 4, 1));
  for (const int count : {1, 32, 7, 100}) model->predict(pictures(count, 4, 4, 1));
  EXPECT_EQ(scores_of(*model, pictures(31, 4, 4, 1)), fresh);
  std::vector<std::future<bool>> threads;
  for (int t = 0; t < 3; ++t) {
    threads.push_back(std::async(std::launch::async, [&model, &fresh] {
      const auto own = model->replicate();
      bool same = true;
      for (int i = 0; i < 20; ++i) same &= scores_of(*own, pictures(31, 4, 4, 1)) == fresh;
      return same;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
}

}  // namespace
}  // namespace dflare
