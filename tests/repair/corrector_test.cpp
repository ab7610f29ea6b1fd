#include "weights/corrector.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/optim/adam.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"
#include "training/loss.hpp"

namespace dflare::repair {
namespace {

using test::data_folder;
using test::message_of;
using test::picture;
using testing::HasSubstr;

constexpr int classes = 10;
constexpr std::uint64_t rng_seed = 11;

ImageBatch batch_of(int side) {
  ImageBatch batch;
  for (int i = 0; i < 24; ++i) batch.add(picture(side, side, 1, i));
  return batch;
}

/// A model file, and what it is asked.
struct Case {
  std::string path;
  InputSpec input;
  ImageBatch images;

  std::string bytes() const { return read_file(path); }
  at::Tensor tensor() const { return to_tensor(images, input, at::Device(at::kCPU)); }
  std::unique_ptr<Trainable> corrector(std::uint64_t seed = rng_seed) const {
    return make_corrector(bytes(), input.output, classes, "", seed);
  }
};

Case small(Output output) {
  Case c{test::fresh_folder() + "/model.pt", {}, batch_of(12)};
  c.input.output = output;
  if (output == Output::logits) {
    test::save_cnn(c.path, 1, 12, 12, classes);
  } else {
    test::save_probabilities(c.path, 1, 12, 12, classes);
  }
  return c;
}

/// Makes it answer other than the model.
void train(Trainable& trainable, const Case& c, int steps = 5) {
  torch::optim::Adam adam(trainable.parameters(), torch::optim::AdamOptions(0.01));
  const std::int64_t n = static_cast<std::int64_t>(c.images.size());
  const Targets targets{at::full({n, classes}, 1.0 / classes), at::full({n}, -1, at::kLong)};
  for (int step = 0; step < steps; ++step) {
    adam.zero_grad();
    loss_of(trainable.forward(c.tensor(), true), c.input.output, targets, Loss{}).backward();
    adam.step();
  }
}

Scores answers_of_file(const Case& c, const std::string& bytes) {
  const std::string path = test::fresh_folder("corrected") + "/corrected.pt";
  std::ofstream(path, std::ios::binary) << bytes;
  return load(path, c.input)->predict(c.images);
}

double largest_difference(const Scores& scores, at::Tensor answers, Output output) {
  if (output == Output::logits) answers = answers.softmax(1);
  double largest = 0;
  for (int i = 0; i < scores.rows(); ++i) {
    for (int j = 0; j < scores.classes(); ++j)
      largest = std::max(largest, std::abs(scores.row(i)[j] - answers[i][j].item<double>()));
  }
  return largest;
}

/// Starts with the model's labels, and its file answers what it answered, trained or not.
void check(const Case& c) {
  const Scores model = load(c.path, c.input)->predict(c.images);
  const auto corrector = c.corrector();
  const at::Tensor first = corrector->forward(c.tensor(), true);
  EXPECT_LE(largest_difference(model, first.detach(), c.input.output), 1e-5);
  for (int i = 0; i < model.rows(); ++i) {
    EXPECT_EQ(std::max_element(model.row(i), model.row(i) + classes) - model.row(i),
              first.argmax(1)[i].item<std::int64_t>());
  }
  EXPECT_LE(
      largest_difference(answers_of_file(c, corrector->file()), first.detach(), c.input.output),
      1e-5);

  train(*corrector, c);
  const at::Tensor trained = corrector->forward(c.tensor(), false).detach();
  EXPECT_GT(largest_difference(model, trained, c.input.output), 1e-2);
  EXPECT_LE(largest_difference(answers_of_file(c, corrector->file()), trained, c.input.output),
            1e-5);
}

TEST(Corrector, OfLogits) {
  check(small(Output::logits));
}

TEST(Corrector, OfProbabilities) {
  const Case c = small(Output::probabilities);
  check(c);
  const at::Tensor sums = c.corrector()->forward(c.tensor(), true).sum(1);
  EXPECT_TRUE(at::allclose(sums, at::ones_like(sums)));
}

TEST(Corrector, OfASigmoidForEachClass) {
  Case c = small(Output::logits);
  c.input.output = Output::sigmoid;
  torch::jit::Module sigmoid("Sigmoid");
  sigmoid.register_module("model", torch::jit::load(c.path));
  sigmoid.define(R"(
    def forward(self, x):
        return torch.sigmoid(self.model.forward(x))
)");
  sigmoid.save(c.path);
  check(c);
  const at::Tensor answers = c.corrector()->forward(c.tensor(), true);
  EXPECT_GE(answers.min().item<double>(), 0);
  EXPECT_LE(answers.max().item<double>(), 1);
}

TEST(Corrector, OfAnInt8Model) {
  if (data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  Case c{data_folder() + "/models/mnist_lenet5_int8.pt", {}, batch_of(28)};
  c.input.output = Output::logits;
  check(c);
}

TEST(Corrector, OfACorrectedModel) {
  Case c = small(Output::logits);
  const auto first = c.corrector();
  train(*first, c);
  write_file(c.path, first->file());
  check(c);
}

TEST(Corrector, TrainingChangesNothingButTheCorrector) {
  const Case c = small(Output::logits);
  const auto corrector = c.corrector();
  EXPECT_EQ(corrector->parameters().size(), 4u);
  EXPECT_TRUE(corrector->buffers().empty());
  std::vector<at::Tensor> before;
  for (const at::Tensor& parameter : corrector->parameters()) {
    EXPECT_TRUE(parameter.is_leaf() && parameter.requires_grad());
    before.push_back(parameter.detach().clone());
  }
  train(*corrector, c);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_FALSE(at::equal(before[i], corrector->parameters()[i]));

  std::istringstream model_file(c.bytes()), corrected_file(corrector->file());
  const auto model = torch::jit::load(model_file);
  const auto inner = torch::jit::load(corrected_file).attr("model").toModule();
  auto kept = inner.named_parameters().begin();
  for (const auto& parameter : model.named_parameters()) {
    EXPECT_TRUE(at::equal(parameter.value, (*kept).value)) << parameter.name;
    ++kept;
  }
}

TEST(Corrector, IsTheSameForTheSameSeed) {
  const Case c = small(Output::logits);
  const auto trained = [&](std::uint64_t seed) {
    const auto corrector = c.corrector(seed);
    train(*corrector, c);
    return corrector->file();
  };
  const std::string once = trained(rng_seed);
  EXPECT_TRUE(once == trained(rng_seed));
  EXPECT_FALSE(once == trained(rng_seed + 1));
}

TEST(Corrector, TheFileMayBeMadeAgainAndAgain) {
  const Case c = small(Output::logits);
  const auto corrector = c.corrector();
  const std::string first = corrector->file();
  EXPECT_TRUE(first == corrector->file());
  train(*corrector, c);
  EXPECT_FALSE(first == corrector->file());
}

TEST(Corrector, LeavesTheBatchAsItIs) {
  Case c = small(Output::logits);
  torch::jit::Module in_place("InPlace");
  in_place.define(R"(
    def forward(self, x):
        x.mul_(-1)
        return torch.flatten(x, 1)[:, 0:10]
)");
  in_place.save(c.path);
  const at::Tensor batch = c.tensor();
  c.corrector()->forward(batch, true);
  EXPECT_TRUE(at::equal(batch, c.tensor()));
}

TEST(Corrector, SaysWhatItIsAndWhy) {
  const Case c = small(Output::logits);
  EXPECT_THAT(c.corrector()->text(), HasSubstr("corrector with 40 hidden units"));
  const auto because = make_corrector(c.bytes(), Output::logits, 3, "", rng_seed, "it is closed");
  EXPECT_THAT(because->text(), HasSubstr("32 hidden units"));
  EXPECT_THAT(because->text(), HasSubstr("because it is closed"));
}

TEST(Corrector, SaysWhatIsWrongWithTheModel) {
  EXPECT_THAT(message_of<ModelError>(
                  [] { make_corrector("no model", Output::logits, classes, "", rng_seed); }),
              HasSubstr("no TorchScript file"));
  Case c = small(Output::logits);
  EXPECT_THAT(
      message_of<ModelError>([&] {
        make_corrector(c.bytes(), Output::logits, 7, "", rng_seed)->forward(c.tensor(), true);
      }),
      HasSubstr("scores of 10 classes, expected 7"));
  const auto failure = [&] {
    return message_of<ModelError>([&] { c.corrector()->forward(c.tensor(), true); });
  };
  test::save_wrong_shape(c.path, classes);
  EXPECT_THAT(failure(), HasSubstr("answered a tensor of shape 24 x 10 x 1 x 1"));
  test::save_nan_above(c.path, 1, 12, 12, classes, 0.0);
  EXPECT_THAT(failure(), HasSubstr("NaN or infinity"));
  test::save_throws_above(c.path, 1, 12, 12, classes, 0.0);
  EXPECT_THAT(failure(), HasSubstr("too bright for me"));
}

}  // namespace
}  // namespace dflare::repair
