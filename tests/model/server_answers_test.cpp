#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/server_failing.hpp"

namespace dflare {
namespace {

using httplib::Request;
using httplib::Response;
using test::failure;
using test::message_of;
using test::saying;
using test::small_pictures;
using test::V2Server;
using testing::AllOf;
using testing::HasSubstr;

V2Server::Wrong outputs(const std::string& outputs) {
  return saying(200, R"({"model_name":"linear","outputs":)" + outputs + "}", "application/json");
}
TEST(ServerAnswers, WrongShape) {
  V2Server there;
  EXPECT_THAT(failure(there, outputs(R"([{"name":"scores","datatype":"FP32","shape":[1,6],)"
                                     R"("data":[1,2,3,4,5,6]}])")),
              AllOf(HasSubstr("shape [1,6] for 2 image(s)"), HasSubstr("images x classes = 2 x N"),
                    HasSubstr("the answer begins \"{")));
  EXPECT_THAT(failure(there, outputs(R"([{"name":"scores","datatype":"FP32","shape":[2,3],)"
                                     R"("data":[1,2,3]}])")),
              HasSubstr("answered 3 scores in a tensor of 2 x 3"));
}

TEST(ServerAnswers, OtherClassesThanBefore) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  model->predict(small_pictures(1));
  there.classes = 4;
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(small_pictures(1)); }),
              HasSubstr("answered 4 classes, but 3 in an earlier evaluation"));
  there.classes = 1;
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(small_pictures(1)); }),
              HasSubstr("answered 1 classes, but 3 in an earlier evaluation"));
  V2Server alone;
  alone.shape = {1, 1, 4, 4};
  alone.wrong = [&alone](const Request&, Response&) {
    ++alone.classes;
    return false;
  };
  EXPECT_THAT(failure(alone, alone.wrong),
              HasSubstr("answered 4 classes for one image and 5 for another"));
}

TEST(ServerAnswers, WrongNameOrDatatypeOrModel) {
  V2Server there;
  EXPECT_THAT(failure(there, outputs(R"([{"name":"boxes","datatype":"FP32","shape":[2,2],)"
                                     R"("data":[1,2,3,4]}])")),
              HasSubstr("name \"boxes\"; asked for was 'scores'"));
  EXPECT_THAT(failure(there, outputs(R"([{"name":"scores","datatype":"FP64","shape":[2,2],)"
                                     R"("data":[1,2,3,4]}])")),
              HasSubstr("datatype \"FP64\"; expected FP32"));
  EXPECT_THAT(failure(there, outputs("[]")), HasSubstr("'outputs' is no list of one tensor"));
  EXPECT_THAT(failure(there, saying(200, R"({"model_name":"other","outputs":[]})")),
              HasSubstr("model_name \"other\"; asked for was 'linear'"));
}

TEST(ServerAnswers, HtmlInsteadOfJson) {
  V2Server there;
  EXPECT_THAT(failure(there, saying(200, "<html>\nWelcome")),
              AllOf(HasSubstr("its answer is no JSON object"),
                    HasSubstr("the answer begins \"<html>\\nWelcome\"")));
  there.wrong_about_model = saying(200, "<html>");
  EXPECT_THAT(message_of<ModelError>([&] { load_server(there.server(), {}); }),
              AllOf(HasSubstr("no JSON object"), HasSubstr("the answer begins \"<html>\"")));
}

TEST(ServerAnswers, NoSuchModelOrNotReady) {
  V2Server there;
  Server server = there.server();
  server.model = "lineal";
  EXPECT_THAT(message_of<ModelError>([&] { load_server(server, {}); }),
              AllOf(HasSubstr("answered 404: \"Model lineal not found\" (1 attempt)"),
                    HasSubstr("check the URL, the model's name and its version")));
  there.ready = false;
  EXPECT_THAT(message_of<ModelError>([&] { load_server(there.server(), {}); }),
              AllOf(HasSubstr("/v2/models/linear/ready: answered 400: \"it is being loaded\"")));
}

TEST(ServerAnswers, AnAnswerWithoutEnd) {
  V2Server there;
  const auto flood = [](const Request&, Response& response) {
    response.set_chunked_content_provider("application/json",
                                          [](std::size_t, httplib::DataSink& sink) {
                                            static const std::string much(1 << 20, ' ');
                                            return sink.write(much.data(), much.size());
                                          });
    return true;
  };
  EXPECT_THAT(failure(there, flood), HasSubstr("an answer of more than 256 MiB"));
}

}  // namespace
}  // namespace dflare
