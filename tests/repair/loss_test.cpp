#include "training/loss.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <initializer_list>
#include <vector>

#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare::repair {
namespace {

using test::message_of;
using testing::HasSubstr;

using Rows = std::vector<std::vector<double>>;

at::Tensor matrix(const Rows& rows, at::ScalarType type = at::kFloat) {
  std::vector<at::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(at::tensor(row, at::kDouble));
  return at::stack(tensors).to(type);
}

Targets targets_of(const Rows& probabilities, std::vector<std::int64_t> labels = {}) {
  labels.resize(probabilities.size(), -1);
  return {matrix(probabilities), at::tensor(labels, at::kLong)};
}

Loss only(double Loss::*part, double weight = 1) {
  Loss loss;
  loss.divergence = loss.logits = loss.focal = loss.label = 0;
  loss.*part = weight;
  return loss;
}

double value(const Rows& answers, Output output, const Targets& targets, const Loss& loss) {
  return loss_of(matrix(answers), output, targets, loss).item<double>();
}

double divergence(const std::vector<double>& p, const std::vector<double>& q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * std::log(p[i] / q[i]);
  return sum;
}

std::vector<double> at_temperature(std::vector<double> p, double t) {
  double sum = 0;
  for (double& x : p) sum += x = std::pow(x, 1 / t);
  for (double& x : p) x /= sum;
  return p;
}

const std::vector<double> p1 = {0.7, 0.2, 0.1}, p2 = {0.1, 0.3, 0.6};
const std::vector<double> q1 = {0.5, 0.25, 0.25}, q2 = {0.2, 0.2, 0.6};

/// Logits of these probabilities, moved: the loss must not see by how much.
std::vector<double> logits(const std::vector<double>& p, double moved = 1.5) {
  std::vector<double> result;
  for (const double x : p) result.push_back(std::log(x) + moved);
  return result;
}

TEST(Loss, IsZeroWhereTheAnswersEqualTheTargets) {
  const Targets targets = targets_of({p1, p2});
  Loss loss;
  for (const double temperature : {1.0, 4.0}) {
    loss.temperature = temperature;
    EXPECT_NEAR(value({logits(p1), logits(p2, -3)}, Output::logits, targets, loss), 0, 1e-6);
    EXPECT_NEAR(value({p1, p2}, Output::probabilities, targets, loss), 0, 1e-6);
  }
}

TEST(Loss, DivergenceIsOfTheOriginalFromTheCompressed) {
  const double expected = (divergence(p1, q1) + divergence(p2, q2)) / 2;
  const Targets targets = targets_of({p1, p2});
  EXPECT_NEAR(value({logits(q1), logits(q2)}, Output::logits, targets, only(&Loss::divergence)),
              expected, 1e-6);
  EXPECT_NEAR(value({q1, q2}, Output::probabilities, targets, only(&Loss::divergence, 2)),
              2 * expected, 1e-6);
}

TEST(Loss, Temperature) {
  Loss loss = only(&Loss::divergence);
  loss.temperature = 3;
  const double expected = 9 * divergence(at_temperature(p1, 3), at_temperature(q1, 3));
  EXPECT_NEAR(value({logits(q1)}, Output::logits, targets_of({p1}), loss), expected, 1e-5);
  EXPECT_NEAR(value({q1}, Output::probabilities, targets_of({p1}), loss), expected, 1e-5);
}

TEST(Loss, LogitsAreComparedCentred) {
  // Differences of 3, 0 and 0, centred: 2, -1, -1.
  std::vector<double> answer = logits(p1);
  answer[0] += 3;
  EXPECT_NEAR(value({answer}, Output::logits, targets_of({p1}), only(&Loss::logits)), 6 / 3.0,
              1e-5);
  EXPECT_NEAR(
      value({answer, logits(p2)}, Output::logits, targets_of({p1, p2}), only(&Loss::logits, 0.5)),
      0.5 * 6 / 3.0 / 2, 1e-5);
}

TEST(Loss, LogitsOfClassesWithoutAKnownLogarithmStayOut) {
  const Targets targets = targets_of({{0.8, 0.2, 0, 0}});
  const double ln = std::log(0.8 / 0.2);
  EXPECT_NEAR(value({{ln, 0, -20, 5}}, Output::logits, targets, only(&Loss::logits)), 0, 1e-5);
  // 2 and 0, centred: 1 and -1.
  EXPECT_NEAR(value({{ln + 2, 0, -20, 5}}, Output::logits, targets, only(&Loss::logits)), 1, 1e-5);
}

TEST(Loss, SaturatedTargetsGiveFiniteLossesAndGradients) {
  const Targets targets = targets_of({{1, 0, 0}});
  for (const Output output : {Output::logits, Output::probabilities, Output::sigmoid}) {
    const at::Tensor answers = matrix({{0, 1, 0}}).set_requires_grad(true);
    const at::Tensor loss = loss_of(answers, output, targets, Loss{});
    EXPECT_TRUE(std::isfinite(loss.item<double>()));
    const auto gradient = torch::autograd::grad({loss}, {answers})[0];
    EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  }
}

TEST(Loss, FocalWeighsWhatTheOriginalGetsRight) {
  Loss loss = only(&Loss::divergence);
  loss.focal = 2;
  const Rows answers = {logits(q1), logits(q2)};
  const double d1 = divergence(p1, q1), d2 = divergence(p2, q2);
  const auto with_labels = [&](std::vector<std::int64_t> labels) {
    return value(answers, Output::logits, targets_of({p1, p2}, labels), loss);
  };
  EXPECT_NEAR(with_labels({-1, -1}), (d1 + d2) / 2, 1e-6);
  EXPECT_NEAR(with_labels({0, 0}), (3 * d1 + d2) / 2, 1e-6);
  EXPECT_NEAR(with_labels({0, 2}), (3 * d1 + 3 * d2) / 2, 1e-6);
  EXPECT_NEAR(with_labels({1, -1}), (d1 + d2) / 2, 1e-6);
}

TEST(Loss, LabelIsCrossEntropyWhereTheLabelIsKnown) {
  const Targets targets = targets_of({p1, p2}, {1, -1});
  const double expected = -std::log(q1[1]) / 2;
  EXPECT_NEAR(value({logits(q1), logits(q2)}, Output::logits, targets, only(&Loss::label)),
              expected, 1e-6);
  EXPECT_NEAR(value({q1, q2}, Output::probabilities, targets, only(&Loss::label, 3)), 3 * expected,
              1e-5);
}

TEST(Loss, PartsAddUp) {
  const Targets targets = targets_of({p1, p2}, {1, 2});
  const Rows answers = {logits(q1), logits(q2)};
  Loss all;
  all.divergence = 0.7;
  all.logits = 0.3;
  all.label = 0.2;
  double sum = 0;
  for (const auto part : {&Loss::divergence, &Loss::logits, &Loss::label})
    sum += all.*part * value(answers, Output::logits, targets, only(part));
  EXPECT_NEAR(value(answers, Output::logits, targets, all), sum, 1e-6);
}

TEST(Loss, GradientAgreesWithFiniteDifferences) {
  const Targets targets = targets_of({p1, p2}, {0, 1});
  Loss loss;
  loss.logits = 0.3;
  loss.temperature = 2;
  loss.focal = 1;
  loss.label = 0.4;
  for (const Output output : {Output::logits, Output::probabilities, Output::sigmoid}) {
    const Rows rows = output == Output::logits ? Rows{{0.3, -1, 2}, {1, 0.5, -0.7}} : Rows{q1, q2};
    const at::Tensor answers = matrix(rows, at::kDouble).set_requires_grad(true);
    const at::Tensor gradient =
        torch::autograd::grad({loss_of(answers, output, targets, loss)}, {answers})[0];
    constexpr double step = 1e-5;
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        const auto moved = [&](double by) {
          Rows other = rows;
          other[i][j] += by;
          return loss_of(matrix(other, at::kDouble), output, targets, loss).item<double>();
        };
        EXPECT_NEAR(
            gradient[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)].item<double>(),
            (moved(step) - moved(-step)) / (2 * step), 1e-6);
      }
    }
  }
}

double of_two(double p, double q) {
  return divergence({p, 1 - p}, {q, 1 - q});
}

/// Shares of each class by itself, which do not add up to 1.
const std::vector<double> s1 = {0.9, 0.8, 0.1}, t1 = {0.7, 0.6, 0.2};

TEST(Loss, OfASigmoidForEachClassIsTheSumOverTheClasses) {
  const double expected = of_two(0.9, 0.7) + of_two(0.8, 0.6) + of_two(0.1, 0.2);
  EXPECT_NEAR(value({t1}, Output::sigmoid, targets_of({s1}), only(&Loss::divergence)), expected,
              1e-6);
  EXPECT_NEAR(value({s1}, Output::sigmoid, targets_of({s1}), Loss{}), 0, 1e-6);
  // The level of all scores together counts, which it does not for a softmax.
  EXPECT_GT(value({{0.45, 0.4, 0.05}}, Output::sigmoid, targets_of({s1}), Loss{}), 0.1);
}

TEST(Loss, OfASigmoidForEachClassHasLabelAndFocal) {
  const double cross_entropy = -std::log(1 - 0.7) - std::log(0.6) - std::log(1 - 0.2);
  EXPECT_NEAR(value({t1}, Output::sigmoid, targets_of({s1}, {1}), only(&Loss::label)),
              cross_entropy, 1e-5);
  EXPECT_NEAR(value({t1}, Output::sigmoid, targets_of({s1}), only(&Loss::label)), 0, 1e-6);
  Loss loss = only(&Loss::divergence);
  const double plain = value({t1}, Output::sigmoid, targets_of({s1}, {0}), loss);
  loss.focal = 2;
  EXPECT_NEAR(value({t1}, Output::sigmoid, targets_of({s1}, {0}), loss), 3 * plain, 1e-5);
  EXPECT_NEAR(value({t1}, Output::sigmoid, targets_of({s1}, {1}), loss), plain, 1e-5);
}

TEST(Loss, SaysWhatDoesNotGoTogether) {
  EXPECT_THAT(message_of<ModelError>([] {
                value({{1, 2}}, Output::logits, targets_of({p1}), Loss{});
              }),
              HasSubstr("answers 1 x 2 (images x classes) where the original answers 1 x 3"));
  EXPECT_THAT(message_of<ModelError>([] { value({p1}, Output::automatic, targets_of({p1}), {}); }),
              HasSubstr("not settled"));
  EXPECT_THAT(message_of<ConfigError>(
                  [] { value({p1}, Output::probabilities, targets_of({p1}, {3}), Loss{}); }),
              HasSubstr("label 3, but the models know 3 classes (0 to 2)"));
}

}  // namespace
}  // namespace dflare::repair
