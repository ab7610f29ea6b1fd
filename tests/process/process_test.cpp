// A model in a process of its own: what it is fed, what it answers, and what is said of it.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cmath>
#include <limits>

#include "dflare/error.hpp"
#include "model/process/sandbox.hpp"
#include "model/scores_of.hpp"
#include "process/served.hpp"
#include "support/descriptor.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::faulty;
using test::marked;
using test::message_of;
using test::plain;
using test::scores_of;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Process : public test::NeedsPython {};

ImageBatch plains(int count) {
  ImageBatch batch;
  for (int i = 0; i < count; ++i) batch.add(plain(i));
  return batch;
}

/// As faulty_child.py does it.
std::vector<float> expected(const Image& image) {
  std::vector<double> logits(4);
  double sum = 0;
  for (int c = 0; c < 4; ++c) {
    for (int i = 0; i < 64; ++i) logits[c] += ((7 * i + 13 * c) % 17 - 8) * image.data[i] / 2000.0;
    sum += std::exp(logits[c]);
  }
  std::vector<float> row;
  for (const double logit : logits) row.push_back(static_cast<float>(std::exp(logit) / sum));
  return row;
}

TEST_F(Process, AnswersForTheImagesThatItIsFed) {
  const auto model = faulty({"none"});
  const Scores scores = model->predict(plains(5));
  ASSERT_EQ(scores.rows(), 5);
  ASSERT_EQ(scores.classes(), 4);
  for (int i = 0; i < 5; ++i) {
    const std::vector<float> row = expected(plain(i));
    for (int c = 0; c < 4; ++c) EXPECT_NEAR(scores.row(i)[c], row[c], 1e-5) << i << ' ' << c;
  }
}

TEST_F(Process, SaysWhatItIs) {
  const auto model = faulty({"none"});
  EXPECT_EQ(model->info().backend, "process");
  EXPECT_EQ(model->info().runtime, "Faulty 1.0");
  EXPECT_THAT(model->info().name, testing::EndsWith("faulty_child.py none"));
  EXPECT_EQ(model->info().path, "");
  EXPECT_EQ(model->info().process.words.back(), "none");
  EXPECT_FALSE(model->info().isolated);
  EXPECT_EQ(model->input().size, (ImageSize{8, 8}));
  EXPECT_EQ(model->input().layout, Layout::nhwc);
  EXPECT_FALSE(model->has_gradients());
}

TEST_F(Process, IsIdentifiedByTheFilesThatItsCommandNames) {
  const std::string folder = test::fresh_folder();
  const auto identity = [&](const std::string& weights) {
    write_atomically(folder + "/weights.bin", weights);
    Command command = test::faulty_child({"none", "--weights=weights.bin"});
    command.folder = folder;
    LoadOptions options;
    options.input.channels = 1;
    return load_process(command, options)->info();
  };
  const ModelInfo info = identity("a");
  EXPECT_THAT(info.files, testing::Contains(testing::EndsWith("/faulty_child.py")));
  EXPECT_THAT(info.files, testing::Contains(folder + "/weights.bin"));
  EXPECT_EQ(info.sha256.size(), 64U);
  EXPECT_EQ(identity("a").sha256, info.sha256);
  EXPECT_NE(identity("b").sha256, info.sha256);
}

TEST_F(Process, FedWithNumbersByTheScaleThatItSays) {
  LoadOptions options;
  options.input.mean = {0.2F};
  const auto model = faulty({"quantised"}, options);
  Image image = plain(), darker = plain();
  for (int i = 0; i < 64; ++i)
    darker.data[i] = static_cast<unsigned char>(std::max(0, image.data[i] - 51));
  EXPECT_EQ(scores_of(*model, ImageBatch({image, image})),
            scores_of(*faulty({"none"}), ImageBatch({darker, darker})));
}

TEST_F(Process, ScaleThatDoesNotFitIsRefused) {
  LoadOptions options;
  options.input.high = 255;
  EXPECT_THAT(message_of<ModelError>([&] { faulty({"quantised"}, options); }),
              AllOf(HasSubstr("faulty_child.py"), HasSubstr("scale 0.00392157, zero point 0")));
}

TEST_F(Process, BatchesOfAnySizeOneAfterTheOther) {
  const auto model = faulty({"none"});
  const std::vector<float> all = scores_of(*model, plains(100));
  for (const int count : {1, 100, 3}) {
    const std::vector<float> some = scores_of(*model, plains(count));
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin())) << count;
  }
}

TEST_F(Process, NoMoreImagesAtOnceThanItTakes) {
  EXPECT_EQ(scores_of(*faulty({"two at once"}), plains(5)),
            scores_of(*faulty({"none"}), plains(5)));
}

TEST_F(Process, FedWithNormalisedFloats) {
  LoadOptions options;
  options.input.low = 0;
  options.input.high = 255;
  EXPECT_EQ(scores_of(*faulty({"float"}, options), plains(3)),
            scores_of(*faulty({"none"}), plains(3)));
}

TEST_F(Process, HelloWithTheLeastThereIs) {
  EXPECT_EQ(scores_of(*faulty({"silent"}), plains(3)), scores_of(*faulty({"none"}), plains(3)));
}

TEST_F(Process, ServedWithoutNumPy) {
  Command command = test::faulty_child({"none"});
  command.words.insert(command.words.begin() + 1, "-S");  // finds no installed packages
  LoadOptions options;
  options.input.channels = 1;
  EXPECT_EQ(scores_of(*load_process(command, options), plains(3)),
            scores_of(*faulty({"none"}), plains(3)));
}

TEST_F(Process, ReplicasAnswerTheSame) {
  const auto model = faulty({"none"});
  const std::vector<float> scores = scores_of(*model, plains(6));
  const auto replica = model->replicate();
  EXPECT_EQ(scores_of(*replica, plains(6)), scores);
  EXPECT_EQ(scores_of(*replica->replicate(), plains(6)), scores);
  EXPECT_EQ(scores_of(*model, plains(6)), scores);
}

TEST_F(Process, WhatItPrintsIsNeitherAnAnswerNorShown) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const std::vector<float> scores = scores_of(*faulty({"prints"}), ImageBatch({plain(), marked()}));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(scores, scores_of(*faulty({"none"}), ImageBatch({plain(), marked()})));
}

TEST_F(Process, RunsInItsFolder) {
  LoadOptions options;
  options.input.channels = 1;
  Command command = test::faulty_child({"none"});
  command.words[2] = "faulty_child.py";
  command.folder = DFLARE_SOURCE_TREE "/tests/process";
  EXPECT_EQ(scores_of(*load_process(command, options), plains(2)),
            scores_of(*faulty({"none"}), plains(2)));
}

TEST_F(Process, ImagesThatDoNotFitAreRefusedBeforeItIsAsked) {
  const auto model = faulty({"none"});
  const std::vector<float> before = scores_of(*model, plains(2));
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(Image(4, 4, CV_8UC1, cv::Scalar(0))); }),
              AllOf(HasSubstr("faulty_child.py"), HasSubstr("resize: true")));
  EXPECT_EQ(scores_of(*model, plains(2)), before);
}

TEST_F(Process, ContradictingInputIsRefused) {
  LoadOptions options;
  options.input.size = {9, 9};
  EXPECT_THAT(message_of<ModelError>([&] { faulty({"none"}, options); }),
              AllOf(HasSubstr("faulty_child.py"), HasSubstr("9 x 9")));
}

TEST(ProcessErrors, NoSuchProgram) {
  const Command command{{"no-such-program-of-dflare", "x"}, ""};
  EXPECT_THAT(message_of<ModelError>([&] { load_process(command, {}); }),
              AllOf(HasSubstr("model 'no-such-program-of-dflare x'"), HasSubstr("cannot start"),
                    HasSubstr("No such file"), HasSubstr("first word")));
  const Command elsewhere{{"true"}, "/no/such/folder"};
  EXPECT_THAT(message_of<ModelError>([&] { load_process(elsewhere, {}); }),
              AllOf(HasSubstr("'/no/such/folder'"), HasSubstr("and the folder")));
}

TEST(ProcessErrors, NoWords) {
  EXPECT_THAT(message_of<ConfigError>([] { load_process({}, {}); }), HasSubstr("no words"));
}

TEST(ProcessErrors, WhatIsForFilesAlone) {
  const Command command{{"true"}, ""};
  LoadOptions device, engine, isolated;
  device.device = "cuda";
  engine.engine = "onednn";
  isolated.isolate = true;
  for (const LoadOptions& options : {device, engine, isolated}) {
    EXPECT_THAT(message_of<ConfigError>([&] { load_process(command, options); }),
                HasSubstr("are for model files"));
  }
}

TEST(ProcessErrors, LimitsThatMakeNoSense) {
  const Command command{{"true"}, ""};
  LoadOptions start, answer, memory;
  start.limits.start_seconds = 0;
  answer.limits.answer_seconds = std::numeric_limits<double>::quiet_NaN();
  memory.limits.memory_mib = -1;
  EXPECT_THAT(message_of<ConfigError>([&] { load_process(command, start); }),
              HasSubstr("limits start_seconds: 0"));
  EXPECT_THAT(message_of<ConfigError>([&] { load_process(command, answer); }),
              HasSubstr("limits answer_seconds: nan"));
  EXPECT_THAT(message_of<ConfigError>([&] { load_process(command, memory); }),
              HasSubstr("limits memory_mib: -1"));
}

/// Somebody who listens on this machine.
class Listener {
 public:
  Listener() {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.number(), any, size), 0);
    EXPECT_EQ(::listen(socket_.number(), 5), 0);
    EXPECT_EQ(::getsockname(socket_.number(), any, &size), 0);
    port = ntohs(address.sin_port);
  }
  int port = 0;

 private:
  Descriptor socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

TEST_F(Process, SandboxedItHasNoNetworkAndCannotWrite) {
  try {
    sandboxed({{"true"}, ""});
  } catch (const ModelError& none) {
    GTEST_SKIP() << none.what();
  }
  const Listener listener;
  const std::string file = test::fresh_folder() + "/written";
  const std::vector<std::string> tries = {"tries", file + ":" + std::to_string(listener.port)};
  LoadOptions options;
  options.sandbox = true;
  const auto boxed = faulty(tries, options);
  EXPECT_EQ(boxed->info().runtime, "did: ");
  EXPECT_FALSE(boost::filesystem::exists(file));
  EXPECT_TRUE(boxed->info().sandboxed);
  EXPECT_EQ(boxed->info().process.words.front(), DFLARE_TEST_PYTHON);
  const auto free = faulty(tries);
  EXPECT_EQ(free->info().runtime,
            std::string("did: file, network") + (::geteuid() == 0 ? ", kernel" : ""));
  EXPECT_EQ(scores_of(*boxed, plains(3)), scores_of(*free, plains(3)));
}

}  // namespace
}  // namespace dflare
