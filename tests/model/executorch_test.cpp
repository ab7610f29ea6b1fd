#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "model/executorch_files.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

using testing::StartsWith;

class ExecuTorch : public test::ExecuTorchFiles {};

InputSpec mnist_input() {
  return {};  // pixel / 255; the rest is in the file
}

InputSpec cifar_input() {
  InputSpec input;
  input.mean = {0.485F, 0.456F, 0.406F};
  input.stddev = {0.229F, 0.224F, 0.225F};
  return input;
}

std::vector<float> values_of(const Scores& scores) {
  return {scores.row(0),
          scores.row(0) + static_cast<std::ptrdiff_t>(scores.rows()) * scores.classes()};
}

// In pieces of `piece` images.
std::vector<float> answers(Model& model, const ImageBatch& images, std::size_t piece) {
  std::vector<float> all;
  for (std::size_t begin = 0; begin < images.size(); begin += piece) {
    ImageBatch batch;
    for (std::size_t i = begin; i < std::min(begin + piece, images.size()); ++i) {
      batch.add(images[i]);
    }
    const std::vector<float> some = values_of(model.predict(batch));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<int> labels(const Scores& scores) {
  std::vector<int> all;
  for (int i = 0; i < scores.rows(); ++i) {
    const float* row = scores.row(i);
    all.push_back(static_cast<int>(std::max_element(row, row + scores.classes()) - row));
  }
  return all;
}

int differences(const std::vector<int>& a, const std::vector<int>& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

TEST_F(ExecuTorch, SaysWhatItIs) {
  const std::string file = path("mnist_lenet5.pte");
  const auto model = load(file);
  EXPECT_EQ(model->info().path, file);
  EXPECT_EQ(model->info().sha256, sha256_of_file(file));
  EXPECT_EQ(model->info().backend, "ExecuTorch");
  EXPECT_THAT(model->info().runtime, StartsWith("ExecuTorch 1."));
  EXPECT_EQ(model->info().device, "cpu");
  EXPECT_EQ(model->info().engine, "");
  EXPECT_FALSE(model->has_gradients());
  EXPECT_EQ(model->input().size, (ImageSize{28, 28}));
  EXPECT_EQ(model->input().channels, 1);
  EXPECT_EQ(model->input().layout, Layout::nchw);
  EXPECT_EQ(load(path("cifar10_resnet20.pte"))->input().channels, 3);
}

TEST_F(ExecuTorch, FloatFilesAnswerTheOriginalsLabels) {
  const ImageBatch some_digits = digits(2000), some_things = things(510);
  EXPECT_EQ(labels(load(path("mnist_lenet5.pte"), mnist_input())->predict(some_digits)),
            labels(load(path("mnist_lenet5.pt"), mnist_input())->predict(some_digits)));
  EXPECT_EQ(labels(load(path("cifar10_resnet20.pte"), cifar_input())->predict(some_things)),
            labels(load(path("cifar10_resnet20.pt"), cifar_input())->predict(some_things)));
}

// As in the README of the models: 8 of 10,000 and 22 of 1,984.
TEST_F(ExecuTorch, Int8FilesAnswerAlmostTheOriginalsLabels) {
  const ImageBatch some_digits = digits(10000), some_things = things(1984);
  EXPECT_NEAR(
      differences(labels(load(path("mnist_lenet5_int8.pte"), mnist_input())->predict(some_digits)),
                  labels(load(path("mnist_lenet5.pt"), mnist_input())->predict(some_digits))),
      8, 3);
  EXPECT_NEAR(
      differences(
          labels(load(path("cifar10_resnet20_int8.pte"), cifar_input())->predict(some_things)),
          labels(load(path("cifar10_resnet20.pt"), cifar_input())->predict(some_things))),
      22, 3);
}

// The files take 15 images at once.
TEST_F(ExecuTorch, BatchesOfAnySizeAnswerTheSame) {
  const ImageBatch images = things(40);
  for (const char* name : {"cifar10_resnet20.pte", "cifar10_resnet20_int8.pte"}) {
    const auto model = load(path(name), cifar_input());
    const std::vector<float> one_by_one = answers(*model, images, 1);
    ASSERT_EQ(one_by_one.size(), 400U);
    for (const std::size_t piece : {15U, 16U, 40U}) {
      EXPECT_EQ(answers(*model, images, piece), one_by_one) << name << ", " << piece;
    }
  }
}

TEST_F(ExecuTorch, ReplicasAnswerTheSameThoughTheFileChanged) {
  const std::string file = file_with(read_file(path("mnist_lenet5_int8.pte")));
  const ImageBatch images = digits(40);
  const auto model = load(file, mnist_input());
  const std::vector<float> expected = answers(*model, images, 40);
  write_atomically(file, read_file(path("mnist_lenet5.pte")));
  const auto replica = model->replicate();
  EXPECT_EQ(answers(*replica, images, 40), expected);
  EXPECT_EQ(replica->info().sha256, model->info().sha256);
  EXPECT_NE(answers(*load(file, mnist_input()), images, 40), expected);
}

TEST_F(ExecuTorch, ThreadsAnswerTheSameAtOnce) {
  const ImageBatch images = things(40);
  for (const char* name : {"cifar10_resnet20.pte", "cifar10_resnet20_int8.pte"}) {
    const auto model = load(path(name), cifar_input());
    const std::vector<float> expected = answers(*model, images, 40);
    int same[2] = {0, 0};
    const auto work = [&](int which) {
      ImageBatch own;  // a batch is for one thread
      for (std::size_t i = 0; i < images.size(); ++i) own.add(images[i]);
      const auto replica = model->replicate();
      for (int round = 0; round < 10; ++round)
        same[which] += answers(*replica, own, 16) == expected;
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    EXPECT_THAT(same, testing::Each(10)) << name;
  }
}

// Both have an XNNPACK and a thread pool, with the same names.
TEST_F(ExecuTorch, LibTorchAnswersAsWithoutIt) {
  const ImageBatch images = things(40);
  const LoadOptions qnnpack = [] {
    LoadOptions options;
    options.input = cifar_input();
    options.engine = "qnnpack";
    return options;
  }();
  const auto torch = load(path("cifar10_resnet20_int8.pt"), qnnpack);
  const std::vector<float> expected = answers(*torch, images, 40);
  const auto model = load(path("cifar10_resnet20_int8.pte"), cifar_input());
  const std::vector<float> of_file = answers(*model, images, 40);
  EXPECT_EQ(answers(*torch, images, 40), expected);
  EXPECT_EQ(answers(*load(path("cifar10_resnet20_int8.pt"), qnnpack), images, 40), expected);
  EXPECT_EQ(answers(*model, images, 40), of_file);
}

double cpu_seconds(clockid_t of) {
  timespec time;
  clock_gettime(of, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST_F(ExecuTorch, ComputesInTheCallingThreadAlone) {
  const ImageBatch images = things(40);
  const auto model = load(path("cifar10_resnet20.pte"), cifar_input());
  const double process = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double thread = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  for (int round = 0; round < 5; ++round) model->predict(images);
  const double of_process = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - process;
  const double of_thread = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - thread;
  EXPECT_LT(of_process, 1.2 * of_thread);
}

TEST_F(ExecuTorch, PrintsNothing) {
  const std::string broken =
      file_with("not a model, and not a short one either: " + std::string(99, '-'));
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  load(path("mnist_lenet5_int8.pte"))->replicate()->predict(digits(16));
  EXPECT_THROW(load(broken), ModelError);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace dflare
