#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/scores_of.hpp"
#include "model/v2_server.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::message_of;
using test::V2Server;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

ImageBatch pictures(int count, int channels = 1) {
  return test::pictures(count, 4, 4, channels);
}

/// What the server's model answers for images of these values, after softmax.
std::vector<float> expected(const std::vector<float>& values, int classes) {
  std::vector<float> row = test::logits_of(values, classes);
  const float top = *std::max_element(row.begin(), row.end());
  float sum = 0;
  for (float& score : row) sum += score = std::exp(score - top);
  for (float& score : row) score /= sum;
  return row;
}

std::vector<float> row_of(const Scores& scores, int row) {
  return {scores.row(row), scores.row(row) + scores.classes()};
}

TEST(ServerModel, AnswersWhatTheModelThereAnswers) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  const ImageBatch images = pictures(3);
  const Scores scores = model->predict(images);
  ASSERT_EQ(scores.rows(), 3);
  const ImageBatch::Floats floats = images.floats(model->input());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(row_of(scores, i),
              expected({floats.data + 16 * i, floats.data + 16 * (i + 1)}, there.classes));
  }
  EXPECT_THAT(there.batch_sizes(), ElementsAre(3));
}

TEST(ServerModel, SaysWhatItIs) {
  V2Server there;
  Server server = there.server();
  server.url += "/";
  const auto model = load_server(server, {});
  EXPECT_EQ(model->info().backend, "server");
  EXPECT_EQ(model->info().runtime, "tests 1.2 sums");
  EXPECT_EQ(model->info().name, "linear at " + server.url);
  EXPECT_EQ(model->info().sha256.size(), 64U);  // of what is said of it
  EXPECT_EQ(model->info().path, "");
  EXPECT_EQ(model->info().server.url, server.url);
  EXPECT_EQ(model->input().size, (ImageSize{4, 4}));
  EXPECT_EQ(model->input().channels, 1);
  EXPECT_FALSE(model->has_gradients());
  EXPECT_THAT(there.paths(), ElementsAre("/v2", "/v2/models/linear", "/v2/models/linear/ready"));
}

TEST(ServerModel, BinaryTensorsGiveTheSameBitsAsJson) {
  for (const std::string datatype : {"FP32", "UINT8", "INT8"}) {
    V2Server json, binary;
    json.datatype = binary.datatype = datatype;
    binary.binary = true;
    const ImageBatch images = pictures(4);
    const Scores by_json = load_server(json.server(), {})->predict(images);
    const Scores by_bytes = load_server(binary.server(), {})->predict(images);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(row_of(by_json, i), row_of(by_bytes, i)) << datatype;
    EXPECT_THAT(json.bodies()[0], HasSubstr("\"data\""));
    EXPECT_THAT(binary.bodies()[0],
                HasSubstr("\"binary_data_size\":" + std::to_string(datatype == "FP32" ? 256 : 64)));
  }
}

TEST(ServerModel, OneByOneWhereTheShapeSaysSo) {
  V2Server there;
  there.shape = {1, 1, 4, 4};
  const auto model = load_server(there.server(), {});
  const ImageBatch images = pictures(3);
  const Scores alone = model->predict(images);
  EXPECT_THAT(there.batch_sizes(), ElementsAre(1, 1, 1));
  V2Server together;
  const Scores at_once = load_server(together.server(), {})->predict(images);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(row_of(alone, i), row_of(at_once, i));
}

TEST(ServerModel, RowsInTheOrderOfTheLayoutThere) {
  V2Server there;
  there.shape = {-1, 4, 4, 3};
  const auto model = load_server(there.server(), {});
  EXPECT_EQ(model->input().layout, Layout::nhwc);
  const ImageBatch images = pictures(1, 3);
  const ImageBatch::Floats floats = images.floats(model->input());
  EXPECT_EQ(row_of(model->predict(images), 0),
            expected({floats.data, floats.data + 48}, there.classes));
  EXPECT_THAT(there.bodies()[0], HasSubstr("\"shape\":[1,4,4,3]"));
}

TEST(ServerModel, TheUsersInputWhereTheServerSaysNone) {
  V2Server there;
  there.inputs = "-";
  LoadOptions options;
  options.input.channels = 1;
  const auto model = load_server(there.server(), options);
  EXPECT_EQ(model->predict(pictures(2)).rows(), 2);
  EXPECT_THAT(there.bodies(),
              Each(AllOf(HasSubstr("\"name\":\"input-0\""), HasSubstr("\"datatype\":\"FP32\""),
                         HasSubstr("\"shape\":[2,1,4,4]"))));
}

TEST(ServerModel, VersionAndStrangeNamesAreInThePath) {
  V2Server there;
  there.model = "linear";
  Server server = there.server();
  server.version = "2 b";
  load_server(server, {})->predict(pictures(1));
  EXPECT_THAT(there.paths(), testing::Contains("/v2/models/linear/versions/2 b/infer"));
}

TEST(ServerModel, AReplicaAnswersTheSame) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  const auto replica = model->replicate();
  const ImageBatch images = pictures(2);
  EXPECT_EQ(row_of(model->predict(images), 1), row_of(replica->predict(images), 1));
  EXPECT_EQ(replica->info().runtime, model->info().runtime);
}

TEST(ServerModel, NoNumberIsAnAnswerThatIsNotFinite) {
  for (const std::string token : {"null", "NaN", "-Infinity", "1e99"}) {
    V2Server there;
    there.wrong = [&token](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"outputs":[{"name":"scores","datatype":"FP32","shape":[2,3],"data":)"
                           "[1,2.5,-3,0," +
                               token + ",1]}]}",
                           "application/json");
      return true;
    };
    const Scores scores = load_server(there.server(), {})->predict(pictures(2));
    EXPECT_TRUE(scores.finite(0)) << token;
    EXPECT_FALSE(scores.finite(1)) << token;
  }
}

std::string load_message(const V2Server& there, const LoadOptions& options = {}) {
  return message_of<ModelError>([&] { load_server(there.server(), options); });
}

TEST(ServerModel, WhatTheServerSaysMustFitWhatTheUserSays) {
  V2Server there;
  LoadOptions options;
  options.input.size = {8, 8};
  EXPECT_THAT(load_message(there, options),
              AllOf(HasSubstr("model 'linear at http://127.0.0.1:"),
                    HasSubstr("takes images of 4 x 4"), HasSubstr("size 8 x 8")));
}

TEST(ServerModel, RefusesTensorsThatItCannotUse) {
  const auto with = [](auto change) {
    V2Server there;
    change(there);
    return load_message(there);
  };
  EXPECT_THAT(with([](V2Server& there) { there.datatype = "FP16"; }),
              HasSubstr("its input 'pixels' takes FP16; expected FP32, or UINT8 or INT8"));
  EXPECT_THAT(with([](V2Server& there) { there.output_datatype = "FP64"; }),
              HasSubstr("its output 'scores' is FP64; expected FP32"));
  EXPECT_THAT(with([](V2Server& there) { there.output_datatype = "UINT8"; }),
              AllOf(HasSubstr("its output 'scores' is UINT8"), HasSubstr("answer FP32")));
  EXPECT_THAT(with([](V2Server& there) {
                there.shape = {8, 1, 4, 4};
              }),
              HasSubstr("takes 8 images at once, no more and no fewer"));
  EXPECT_THAT(with([](V2Server& there) {
                there.shape = {1, 16};
              }),
              HasSubstr("a tensor of 2 dimension(s)"));
}

TEST(ServerModel, OptionsOfFilesAreRefused) {
  V2Server there;
  LoadOptions options;
  options.device = "cuda";
  EXPECT_THAT(load_message(there, options), HasSubstr("device, engine and isolate"));
}

TEST(ServerModel, SettingsThatMakeNoSense) {
  V2Server there;
  const auto with = [&there](auto change) {
    Server server = there.server();
    change(server);
    return message_of<ModelError>([&] { load_server(server, {}); });
  };
  EXPECT_THAT(with([](Server& server) { server.model.clear(); }), HasSubstr("name on the server"));
  EXPECT_THAT(with([](Server& server) { server.answer_seconds = 0; }),
              HasSubstr("answer_seconds 0 must be above 0"));
  EXPECT_THAT(with([](Server& server) { server.retries = -1; }), HasSubstr("retries -1"));
}

}  // namespace
}  // namespace dflare
