#include "weights/weight_training.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/passes/freeze_module.h>

#include "dflare/error.hpp"
#include "model/torchscript/quantised_engine.hpp"
#include "repair/int8_models.hpp"
#include "support/message_of.hpp"
#include "weights/facts.hpp"
#include "weights/kept/zeros.hpp"
#include "weights/open_model.hpp"

namespace dflare::repair {
namespace {

using test::message_of;

at::Tensor images() {
  at::manual_seed(3);
  return at::rand({16, 1, 8, 8});
}

at::Tensor answers(const std::string& bytes, const at::Tensor& batch) {
  const QuantisedEngineTurn turn(choose_quantised_engine(""));
  const at::NoGradGuard no_gradients;
  return module_of(bytes).forward({batch}).toTensor();
}

using Change = std::function<at::Tensor(const at::Tensor&)>;

/// A convolution, a normalisation and a linear layer.
torch::jit::Module float_module(const Change& change) {
  at::manual_seed(5);
  torch::jit::Module m("Float");
  m.register_parameter("conv", change(at::randn({4, 1, 3, 3}) * 0.3), false);
  m.register_parameter("bias", at::randn({4}), false);
  m.register_parameter("gamma", at::rand({4}) + 0.5, false);
  m.register_parameter("beta", at::randn({4}), false);
  m.register_buffer("mean", at::randn({4}) * 0.1);
  m.register_buffer("var", at::rand({4}) + 0.5);
  m.register_parameter("linear", change(at::randn({3, 64}) * 0.3), false);
  m.define(R"(
    def forward(self, x):
        x = torch.conv2d(x, self.conv, self.bias, padding=[1, 1])
        x = torch.relu(torch.batch_norm(x, self.gamma, self.beta, self.mean, self.var, False, 0.1, 1e-5, True))
        x = torch.flatten(torch.max_pool2d(x, [2, 2]), 1)
        return torch.linear(x, self.linear)
  )");
  m.eval();
  return m;
}

at::Tensor same(const at::Tensor& weight) {
  return weight;
}

at::Tensor pruned(const at::Tensor& weight) {
  return weight.masked_fill(weight.abs() < 0.2, 0);
}

at::Tensor on_grid(const at::Tensor& weight) {
  const double scale = weight.abs().max().item<double>() / 7;
  return (weight / scale).round() * scale;
}

at::Tensor pruned_on_grid(const at::Tensor& weight) {
  const at::Tensor half = weight.masked_fill(weight.abs() < 0.2, 0);
  const double scale = half.abs().max().item<double>() / 127;
  return (half / scale).round() * scale;
}

/// As torch.nn.utils.prune leaves a linear layer without remove().
std::string masked(double level) {
  at::manual_seed(7);
  const at::Tensor weight = at::randn({3, 64}) * 0.3;
  torch::jit::Module m("Masked");
  m.register_parameter("weight_orig", weight, false);
  m.register_buffer("weight_mask", weight.abs().gt(level).to(at::kFloat));
  m.define(R"(
    def forward(self, x):
        mask = self.weight_mask.to(6, False, False)
        return torch.linear(torch.flatten(x, 1), mask * self.weight_orig)
  )");
  m.eval();
  return bytes_of(m);
}

std::string frozen(const torch::jit::Module& module) {
  return bytes_of(torch::jit::freeze_module(module));
}

/// Moves every parameter by a few hundredths of its size.
void train_a_little(Trainable& model) {
  model.forward(images(), true).square().mean().backward();
  const at::NoGradGuard no_gradients;
  for (at::Tensor parameter : model.parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    parameter.sub_(parameter.grad().sign() * parameter.abs().mean() * 0.3);
  }
}

struct KindCase {
  const char* name;
  std::function<std::string()> bytes;
  const char* recognised;  ///< a part of the text
  double tolerance;        ///< of the twin's answers, against the file's, after training
};
void PrintTo(const KindCase& kind, std::ostream* out) {
  *out << kind.name;
}

class EveryKind : public ::testing::TestWithParam<KindCase> {};

TEST_P(EveryKind, AnswersAsTheFileAndStaysWhatItIs) {
  const std::string before = GetParam().bytes();
  const auto model = open_weights(before, {}, BatchNorm::evaluate, "");
  EXPECT_NE(model->text().find(GetParam().recognised), std::string::npos) << model->text();

  const at::Tensor of_file = answers(before, images());
  EXPECT_LE((model->forward(images(), false) - of_file).abs().max().item<double>(),
            GetParam().tolerance);

  train_a_little(*model);
  const std::string after = model->file();
  const at::Tensor of_twin = model->forward(images(), false).detach();
  EXPECT_GT((of_twin - of_file).abs().max().item<double>(), 0.01) << "nothing was trained";
  EXPECT_LE((answers(after, images()) - of_twin).abs().max().item<double>(), GetParam().tolerance);
  EXPECT_EQ(lost_compression(before, after, {}, ""), "");
  EXPECT_EQ(after, model->file()) << "the same weights, the same bytes";
}

INSTANTIATE_TEST_SUITE_P(
    Repair, EveryKind,
    ::testing::Values(
        KindCase{"float", [] { return bytes_of(float_module(same)); }, "float parameters", 1e-5},
        KindCase{"pruned", [] { return bytes_of(float_module(pruned)); }, "pruned", 1e-5},
        KindCase{"masked", [] { return masked(0.2); }, "pruned", 1e-5},
        KindCase{"grid", [] { return bytes_of(float_module(on_grid)); }, "4 bits", 1e-5},
        KindCase{"pruned_grid", [] { return bytes_of(float_module(pruned_on_grid)); }, "pruned",
                 1e-5},
        KindCase{"frozen", [] { return frozen(float_module(same)); }, "frozen program", 1e-5},
        KindCase{"frozen_grid", [] { return frozen(float_module(on_grid)); }, "4 bits", 1e-5},
        KindCase{"frozen_pruned", [] { return frozen(float_module(pruned)); }, "pruned", 1e-5},
        KindCase{"int8", [] { return static_int8_model(false); }, "one scale a tensor in 4", 0.11},
        KindCase{"int8_per_channel", [] { return static_int8_model(true); }, "one a channel in 4",
                 0.11},
        KindCase{"int8_pruned", [] { return static_int8_model(true, true); }, "pruned", 0.11},
        KindCase{"dynamic", [] { return dynamic_int8_model(); }, "2 x quantized::linear_dynamic",
                 0.1}),
    [](const auto& of) { return of.param.name; });

TEST(WeightTraining, TellsPrunedInt8WeightsFromRoundedOnes) {
  EXPECT_FALSE(open_model(static_int8_model(true), {}, "").tensors[0].rule.of(kept_zeros));
  EXPECT_TRUE(open_model(static_int8_model(true, true), {}, "").tensors[0].rule.of(kept_zeros));
}

TEST(WeightTraining, RunningStatisticsStayUnlessAskedOtherwise) {
  const std::string before = bytes_of(float_module(same));
  const auto evaluating = open_weights(before, {}, BatchNorm::evaluate, "");
  evaluating->forward(images(), true);
  EXPECT_TRUE(evaluating->buffers().empty());
  const auto mean_in = [](const std::string& bytes) {
    return module_of(bytes).attr("mean").toTensor();
  };
  EXPECT_TRUE(at::equal(mean_in(evaluating->file()), mean_in(before)));

  const auto training = open_weights(before, {}, BatchNorm::train, "");
  EXPECT_EQ(training->buffers().size(), 2U);
  training->forward(images(), false);
  EXPECT_TRUE(at::equal(mean_in(training->file()), mean_in(before)));
  training->forward(images(), true);
  EXPECT_FALSE(at::equal(mean_in(training->file()), mean_in(before)));
}

TEST(WeightTraining, AnUnknownInt8OperatorIsNamed) {
  Int8Model m;
  auto* x = m.quantised(m.input(), 1 / 127.0, 0);
  auto* first = m.call("quantized::conv2d", {x, m.packed_convolution(1, 4, 3, false), 0.02, 0});
  auto* strange = m.call("aten::sigmoid", {first});
  const std::string bytes = bytes_of(m.finish(m.call("aten::dequantize", {strange})));
  const std::string message =
      message_of<ModelError>([&] { open_weights(bytes, {}, BatchNorm::evaluate, ""); });
  EXPECT_NE(message.find("aten::sigmoid"), std::string::npos) << message;
  EXPECT_NE(message.find("approach: corrector"), std::string::npos) << message;
}

TEST(WeightTraining, AnUnknownQuantisedOperatorIsNamed) {
  Int8Model m;
  auto* x = m.quantised(m.input(), 1 / 127.0, 0);
  auto* first = m.call("quantized::conv2d", {x, m.packed_convolution(1, 4, 3, false), 0.02, 0});
  auto* strange = m.call("quantized::leaky_relu", {first, 0.1, false, 0.02, 0});
  const std::string bytes = bytes_of(m.finish(m.call("aten::dequantize", {strange})));
  const std::string message =
      message_of<ModelError>([&] { open_weights(bytes, {}, BatchNorm::evaluate, ""); });
  EXPECT_NE(message.find("quantized::leaky_relu"), std::string::npos) << message;
}

TEST(WeightTraining, AModelWithoutWeightsIsRefused) {
  torch::jit::Module m("Empty");
  m.define("def forward(self, x):\n    return torch.flatten(x, 1)\n");
  const std::string message =
      message_of<ModelError>([&] { open_weights(bytes_of(m), {}, BatchNorm::evaluate, ""); });
  EXPECT_NE(message.find("no weights that can be trained"), std::string::npos) << message;
}

TEST(WeightTraining, AForwardOfTwoInputsIsRefused) {
  torch::jit::Module m("Two");
  m.define("def forward(self, x, y):\n    return x + y\n");
  const std::string message =
      message_of<ModelError>([&] { open_weights(bytes_of(m), {}, BatchNorm::evaluate, ""); });
  EXPECT_NE(message.find("takes 2 inputs"), std::string::npos) << message;
}

TEST(WeightTraining, WhatIsForcedHasToBeThere) {
  const std::string bytes = bytes_of(float_module(same));
  Kind zeros, grid;
  zeros.zeros = Keep::always;
  grid.grid = Keep::always;
  EXPECT_NE(message_of<ModelError>([&] {
              open_weights(bytes, zeros, BatchNorm::evaluate, "");
            }).find("zeros: keep"),
            std::string::npos);
  EXPECT_NE(message_of<ModelError>([&] {
              open_weights(bytes, grid, BatchNorm::evaluate, "");
            }).find("grid: keep"),
            std::string::npos);
}

TEST(OpenTrainable, MakesACorrectorWhereTheWeightsCannotBeTrainedUnlessToldOtherwise) {
  Int8Model m;
  auto* x = m.quantised(m.input(), 1 / 127.0, 0);
  auto* conv =
      m.call("quantized::conv2d", {x, m.packed_convolution(1, 3, 8, false, true, 0), 0.02, 64});
  auto* strange = m.call("aten::sigmoid", {conv});
  auto* flat = m.call("aten::flatten", {m.call("aten::dequantize", {strange}), 1, -1});
  const std::string unknown = bytes_of(m.finish(flat));
  const auto open = [&](const std::string& bytes, const Kind& kind) {
    return open_trainable({bytes, kind, BatchNorm::evaluate, "", 3, Output::logits, 1});
  };
  EXPECT_EQ(open(unknown, {})->approach(), Approach::corrector);
  EXPECT_NE(open(unknown, {})->text().find("aten::sigmoid"), std::string::npos);
  Kind weights, grid, corrector;
  weights.approach = Approach::weights;
  grid.grid = Keep::always;
  corrector.approach = Approach::corrector;
  EXPECT_NE(message_of<ModelError>([&] { open(unknown, weights); }).find("aten::sigmoid"),
            std::string::npos);
  const std::string plain = bytes_of(float_module(same));
  EXPECT_NE(message_of<ModelError>([&] { open(plain, grid); }).find("grid: keep"),
            std::string::npos)
      << "no corrector in the place of what was asked for";
  EXPECT_EQ(open(plain, {})->approach(), Approach::weights);
  EXPECT_EQ(open(plain, corrector)->approach(), Approach::corrector);
}

TEST(WeightTraining, WhatIsFreedMayChange) {
  const std::string before = bytes_of(float_module(pruned_on_grid));
  Kind free;
  free.zeros = free.grid = Keep::never;
  const auto model = open_weights(before, free, BatchNorm::evaluate, "");
  train_a_little(*model);
  const std::string after = model->file();
  EXPECT_GT(facts_of(before, "").zeros, facts_of(after, "").zeros);
  EXPECT_NE(lost_compression(before, after, {}, ""), "");
  EXPECT_EQ(lost_compression(before, after, free, ""), "");
}

TEST(Facts, CountWeightsZerosAndLevels) {
  const Facts facts = facts_of(bytes_of(float_module(on_grid)), "");
  EXPECT_EQ(facts.weights, 4U * 9 + 3 * 64);
  EXPECT_GT(facts.zeros, 0U);
  EXPECT_LE(facts.distinct, 2U * 15);
  EXPECT_EQ(facts.quantised_operators, 0U);
  EXPECT_EQ(facts_of(static_int8_model(true), "").quantised_operators, 8U);
}

TEST(Facts, CountWeightsAsTheyAreMultipliedWithTheirMask) {
  const std::string bytes = masked(0.2);
  const at::Tensor mask = module_of(bytes).attr("weight_mask").toTensor();
  const auto zeros = static_cast<std::size_t>(mask.eq(0).sum().item<std::int64_t>());
  ASSERT_GT(zeros, 0U);
  EXPECT_EQ(facts_of(bytes, "").zeros, zeros);
  const std::string text = open_weights(bytes, {}, BatchNorm::evaluate, "")->text();
  EXPECT_NE(text.find(std::to_string(zeros) + " of the weights are zero"), std::string::npos);
  EXPECT_NE(text.find("call prune.remove() on each pruned layer"), std::string::npos) << text;
}

TEST(Facts, OfWeightsThatAreScaledAreThoseOfTheFile) {
  torch::jit::Module scaled = module_of(masked(0.2));
  scaled.attr("weight_mask").toTensor().mul_(2);  // no mask: not of zeros and ones
  EXPECT_EQ(facts_of(bytes_of(scaled), "").zeros, 0U);
  EXPECT_EQ(open_weights(bytes_of(scaled), {}, BatchNorm::evaluate, "")->text().find("prune"),
            std::string::npos);
}

TEST(Facts, OfAFileThatCannotBeTrainedAreItsSize) {
  const Facts facts = facts_of("no TorchScript", "");
  EXPECT_EQ(facts.bytes, 14U);
  EXPECT_EQ(facts.weights, 0U);
}

TEST(LostCompression, NamesWhatIsLost) {
  const std::string before = bytes_of(float_module(pruned)), after = bytes_of(float_module(same));
  EXPECT_NE(lost_compression(before, after, {}, "").find("zeros are gone"), std::string::npos);
  EXPECT_NE(lost_compression(bytes_of(float_module(on_grid)), after, {}, "").find("4-bit grid"),
            std::string::npos);
  EXPECT_NE(lost_compression(static_int8_model(true), after, {}, ""), "");
}

}  // namespace
}  // namespace dflare::repair
