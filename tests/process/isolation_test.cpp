// A model file in a process of its own: the same answers, and what becomes of a model that fails.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <fstream>
#include <map>
#include <opencv2/core.hpp>
#include <set>

#include "dflare/error.hpp"
#include "model/scores_of.hpp"
#include "support/files.hpp"
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

LoadOptions grey8() {
  LoadOptions options;
  options.input.channels = 1;
  options.input.size = {8, 8};
  return options;
}

LoadOptions isolated(LoadOptions options = grey8()) {
  options.isolate = true;
  return options;
}

Image flat(int value) {
  return Image(8, 8, CV_8UC1, cv::Scalar(value));
}

class Isolation : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string linear() const {
    test::save_linear(path("linear.pt"), 1, 8, 8, 4);
    return path("linear.pt");
  }

  std::string folder_ = test::fresh_folder();
};

TEST_F(Isolation, AnswersBitForBitTheSame) {
  test::save_cnn(path("cnn.pt"), 3, 12, 10, 7);
  LoadOptions options;
  options.input.size = {12, 10};
  options.input.resize = true;
  options.input.mean = {0.485F, 0.456F, 0.406F};
  options.input.stddev = {0.229F, 0.224F, 0.225F};
  options.input.low = -0.1F;
  const auto direct = load(path("cnn.pt"), options);
  const auto hosted = load(path("cnn.pt"), isolated(options));
  EXPECT_EQ(hosted->input(), direct->input());
  for (const auto& model : {hosted, hosted->replicate()}) {
    for (const int count : {1, 32, 7}) {
      const ImageBatch batch = pictures(count, 20, 30, 3);
      EXPECT_EQ(scores_of(*model, batch), scores_of(*direct, batch)) << count;
    }
  }
}

TEST_F(Isolation, ProbabilitiesStayAsTheyAre) {
  test::save_probabilities(path("p.pt"), 1, 8, 8, 4);
  LoadOptions options = grey8();
  options.input.output = Output::probabilities;
  const ImageBatch batch = pictures(5, 8, 8, 1);
  EXPECT_EQ(scores_of(*load(path("p.pt"), isolated(options)), batch),
            scores_of(*load(path("p.pt"), options), batch));
}

TEST_F(Isolation, FilesOfOtherFormatsToo) {
  if (!DFLARE_OPENVINO) GTEST_SKIP() << "needs a build with OpenVINO";
  if (test::data_folder().empty()) GTEST_SKIP() << "needs DFLARE_DATA";
  LoadOptions options;
  options.input.resize = true;  // to the file's own size
  const ImageBatch photographs({read_image(test::data_folder() + "/data/imagenet/hot_dog.jpg"),
                                read_image(test::data_folder() + "/data/imagenet/parrot.jpg")});
  const std::string file =
      test::data_folder() + "/models/imagenet_mobilenet_v1_0.25_128_quant.tflite";
  const auto direct = load(file, options), hosted = load(file, isolated(options));
  EXPECT_EQ(hosted->input(), direct->input());
  EXPECT_EQ(hosted->info().runtime, direct->info().runtime);
  EXPECT_EQ(scores_of(*hosted, photographs), scores_of(*direct, photographs));
}

TEST_F(Isolation, OutputThatIsWronglyDeclaredIsNoticed) {
  test::save_probabilities(path("p.pt"), 1, 8, 8, 4);
  LoadOptions options = grey8();
  options.input.output = Output::logits;
  EXPECT_THAT(
      message_of<ModelError>([&] { load(path("p.pt"), isolated(options))->predict(flat(1)); }),
      HasSubstr("set output: probabilities"));
}

TEST_F(Isolation, SaysWhatItIs) {
  const auto direct = load(linear(), grey8()), hosted = load(linear(), isolated());
  EXPECT_TRUE(hosted->info().isolated);
  EXPECT_EQ(hosted->info().path, linear());
  EXPECT_EQ(hosted->info().name, linear());
  EXPECT_EQ(hosted->info().backend, direct->info().backend);
  EXPECT_EQ(hosted->info().runtime, direct->info().runtime);
  EXPECT_EQ(hosted->info().sha256, direct->info().sha256);
  EXPECT_EQ(hosted->info().device, "cpu");
  EXPECT_TRUE(hosted->info().process.words.empty());
  EXPECT_FALSE(hosted->has_gradients());
}

TEST_F(Isolation, WithTheGradientsOfATwin) {
  const auto direct = load(linear(), grey8());
  const auto model = with_gradients_from(load(linear(), isolated()), direct);
  const ImageBatch batch = pictures(5, 8, 8, 1);
  EXPECT_EQ(scores_of(*model, batch), scores_of(*direct, batch));
  const cv::Mat gradient = model->gradient(batch[0], 0, 1);
  EXPECT_EQ(cv::norm(gradient, direct->gradient(batch[0], 0, 1)), 0);
}

TEST_F(Isolation, SameMessagesAsWithout) {
  write_atomically(path("text.pt"), "no model");
  test::save_throws_above(path("throws.pt"), 1, 8, 8, 4, 0.5);
  LoadOptions gpu = grey8();
  gpu.device = "gpu";
  const auto message = [](const std::string& file, const LoadOptions& options, const Image& image) {
    return message_of<ModelError>([&] { load(file, options)->predict(image); });
  };
  for (const auto& [file, options, image] :
       std::vector<std::tuple<std::string, LoadOptions, Image>>{
           {path("text.pt"), grey8(), flat(1)},
           {linear(), gpu, flat(1)},
           {linear(), grey8(), Image(4, 4, CV_8UC1, cv::Scalar(1))},
           {path("throws.pt"), grey8(), flat(200)},
           {path("none.pt"), grey8(), flat(1)}}) {
    EXPECT_EQ(message(file, isolated(options), image), message(file, options, image));
  }
}

TEST_F(Isolation, RowsOfNanArePassedOn) {
  test::save_nan_above(path("nan.pt"), 1, 8, 8, 4, 0.5);
  const Scores scores = load(path("nan.pt"), isolated())->predict(ImageBatch({flat(1), flat(200)}));
  EXPECT_TRUE(scores.finite(0));
  EXPECT_FALSE(scores.finite(1));
}

/// The numbers of this process's children that are dflare-hosts.
std::set<pid_t> hosts() {
  std::set<pid_t> found;
  namespace fs = boost::filesystem;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string number = entry.path().filename().string();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream status((entry.path() / "status").string());
    std::map<std::string, std::string> fields;
    std::string key, value;
    while (status >> key && std::getline(status >> std::ws, value)) fields[key] = value;
    if (fields["Name:"] == "dflare-host" && fields["PPid:"] == std::to_string(::getpid()))
      found.insert(std::stoi(number));
  }
  return found;
}

TEST_F(Isolation, KilledHostsAreReplaced) {
  const auto model = load(linear(), isolated());
  const ImageBatch batch = pictures(5, 8, 8, 1);
  const std::vector<float> scores = scores_of(*model, batch);
  ASSERT_EQ(hosts().size(), 1U);
  ::kill(*hosts().begin(), SIGKILL);
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(batch); }),
              AllOf(HasSubstr("model '" + linear() + "': its process was killed by signal 9"),
                    HasSubstr("asked about 5 image(s)")));
  EXPECT_EQ(scores_of(*model, batch), scores);
  EXPECT_EQ(hosts().size(), 1U);
}

TEST_F(Isolation, HostsEndWithTheirModels) {
  {
    const auto model = load(linear(), isolated());
    const auto replica = model->replicate();
    replica->predict(flat(1));
    EXPECT_EQ(hosts().size(), 2U);
  }
  EXPECT_EQ(hosts().size(), 0U);
}

TEST_F(Isolation, ModelThatNeverEnds) {
  test::save_hangs_above(path("hangs.pt"), 1, 8, 8, 4, 0.5);
  LoadOptions options = isolated();
  options.limits.answer_seconds = 1;
  const auto model = load(path("hangs.pt"), options);
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(flat(200)); }),
              HasSubstr("did not answer within 1 s (limits: answer_seconds)"));
  EXPECT_EQ(scores_of(*model, ImageBatch({flat(1), flat(2)})),
            scores_of(*load(linear(), grey8()), ImageBatch({flat(1), flat(2)})));
}

TEST_F(Isolation, ModelThatTakesAllMemory) {
  test::save_hoards_above(path("hoards.pt"), 1, 8, 8, 4, 0.5);
  LoadOptions options = isolated();
  options.limits.memory_mib = 1000;
  const auto model = load(path("hoards.pt"), options);
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(flat(200)); }),
              HasSubstr("used more than 1000 MiB (limits: memory_mib)"));
  EXPECT_EQ(scores_of(*model, ImageBatch({flat(1), flat(2)})),
            scores_of(*load(linear(), grey8()), ImageBatch({flat(1), flat(2)})));
}

TEST_F(Isolation, LimitsAndInputThatMakeNoSense) {
  LoadOptions input = isolated();
  input.input.stddev = {0};
  EXPECT_THAT(message_of<ConfigError>([&] { load(linear(), input); }),
              HasSubstr("input stddev: 0"));
  LoadOptions options = isolated();
  options.limits.start_seconds = -1;
  EXPECT_THAT(message_of<ConfigError>([&] { load(linear(), options); }),
              HasSubstr("limits start_seconds: -1"));
}

}  // namespace
}  // namespace dflare
