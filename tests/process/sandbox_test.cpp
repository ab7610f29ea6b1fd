// isolate: sandboxed: a model that writes a file can do so, isolated or not, but not in a sandbox.

#include "model/process/sandbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <cstdlib>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "model/scores_of.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;
using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

class Sandbox : public testing::Test {
 protected:
  void SetUp() override {
    try {
      sandboxed({{"true"}, ""});
    } catch (const ModelError& none) {
      GTEST_SKIP() << none.what();
    }
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  /// Writes `file` whenever it is asked.
  std::string writer(const std::string& file) const {
    test::save_writes_file(path("writes.pt"), 1, 8, 8, 4, file, 16);
    return path("writes.pt");
  }
  static LoadOptions options(bool isolate, bool sandbox) {
    LoadOptions options;
    options.input.channels = 1;
    options.input.size = {8, 8};
    options.isolate = isolate;
    options.sandbox = sandbox;
    return options;
  }

  Image image_ = Image(8, 8, CV_8UC1, cv::Scalar(1));
  std::string folder_ = test::fresh_folder();
};

TEST_F(Sandbox, AModelCannotWrite) {
  for (const bool isolate : {false, true}) {
    const std::string file = path(isolate ? "isolated" : "here");
    load(writer(file), options(isolate, false))->predict(image_);
    EXPECT_EQ(fs::file_size(file), 16 * sizeof(float)) << isolate;
  }
  for (const std::string& file : {path("boxed"), std::string("/dflare_sandbox_test"),
                                  std::string("/tmp/dflare_sandbox_test")}) {
    const auto model = load(writer(file), options(false, true));
    EXPECT_THAT(message_of<ModelError>([&] { model->predict(image_); }),
                HasSubstr("Read-only file system"));
    EXPECT_FALSE(fs::exists(file)) << file;
  }
}

TEST_F(Sandbox, AnswersTheSameAndSaysWhatItIs) {
  test::save_linear(path("linear.pt"), 1, 8, 8, 4);
  const auto direct = load(path("linear.pt"), options(false, false)),
             boxed = load(path("linear.pt"), options(true, true));
  EXPECT_TRUE(boxed->info().isolated);
  EXPECT_TRUE(boxed->info().sandboxed);
  EXPECT_FALSE(direct->info().sandboxed);
  const ImageBatch batch = test::pictures(33, 8, 8, 1);
  for (const auto& model : {boxed, boxed->replicate()})
    EXPECT_EQ(test::scores_of(*model, batch), test::scores_of(*direct, batch));
}

TEST_F(Sandbox, MemoryIsThatOfTheModel) {
  test::save_hoards_above(path("hoards.pt"), 1, 8, 8, 4, 0.5);
  LoadOptions limited = options(false, true);
  limited.limits.memory_mib = 1000;
  const auto model = load(path("hoards.pt"), limited);
  EXPECT_THAT(
      message_of<ModelError>([&] { model->predict(Image(8, 8, CV_8UC1, cv::Scalar(200))); }),
      HasSubstr("used more than 1000 MiB (limits: memory_mib)"));
}

TEST_F(Sandbox, HasTheCpuAlone) {
  LoadOptions gpu = options(false, true);
  gpu.device = "cuda";
  EXPECT_THAT(message_of<ModelError>([&] { load(writer(path("x")), gpu); }),
              HasSubstr("leaves a model the CPU alone, and device is 'cuda'"));
}

/// Never a silent fallback.
class NoSandbox : public testing::Test {
 protected:
  ~NoSandbox() override { ::setenv("PATH", before_.c_str(), 1); }
  std::string message() const {
    ::setenv("PATH", folder_.c_str(), 1);
    return message_of<ModelError>([] { sandboxed({{"true"}, ""}); });
  }

  std::string before_ = std::getenv("PATH");
  std::string folder_ = test::fresh_folder();
};

TEST_F(NoSandbox, WithoutBubblewrap) {
  EXPECT_THAT(message(), AllOf(HasSubstr("'bwrap', which is not in the PATH"),
                               HasSubstr("apt-get install bubblewrap")));
}

TEST_F(NoSandbox, WhereTheKernelCannot) {
  const std::string program = folder_ + "/bwrap";
  write_file(program,
             "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n");
  fs::permissions(program, fs::owner_all);
  EXPECT_THAT(message(), AllOf(HasSubstr("cannot be had on this machine"),
                               HasSubstr("ended with exit status 1: bwrap: No permissions"),
                               HasSubstr("unprivileged_userns_clone")));
}

}  // namespace
}  // namespace dflare
