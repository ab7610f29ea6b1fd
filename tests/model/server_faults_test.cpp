#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/http_client.hpp"
#include "model/scores_of.hpp"
#include "model/v2_server.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using httplib::Request;
using httplib::Response;
using test::message_of;
using test::V2Server;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ImageBatch pictures(int count) {
  return test::pictures(count, 4, 4, 1);
}

/// What the model's evaluation of an image throws where the server does this.
std::string failure(V2Server& there, V2Server::Wrong wrong, Server server) {
  there.wrong = std::move(wrong);
  const auto model = load_server(server, {});
  return message_of<ModelError>([&] { model->predict(pictures(2)); });
}

std::string failure(V2Server& there, V2Server::Wrong wrong) {
  return failure(there, std::move(wrong), there.server());
}

V2Server::Wrong saying(int status, const std::string& body, const std::string& type = "text/html") {
  return [=](const Request&, Response& response) {
    response.status = status;
    response.set_content(body, type.c_str());
    return true;
  };
}

V2Server::Wrong outputs(const std::string& outputs) {
  return saying(200, R"({"model_name":"linear","outputs":)" + outputs + "}", "application/json");
}

/// As `wrong` for the first so many requests, then as it should be.
V2Server::Wrong at_first(int times, V2Server::Wrong wrong) {
  return [=, count = 0](const Request& request, Response& response) mutable {
    return count++ < times && wrong(request, response);
  };
}

/// Says that the answer is long, and closes the connection in the middle of it.
V2Server::Wrong breaks_off() {
  return [](const Request&, Response& response) {
    response.set_content_provider(1000, "application/json",
                                  [](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                    if (offset > 0) return false;
                                    sink.write("{\"outputs\":", 11);
                                    return true;
                                  });
    return true;
  };
}

/// A socket that listens on a free port of this machine.
int listening(int& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  listen(socket, 1);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return socket;
}

int closed_port() {
  int port = 0;
  close(listening(port));
  return port;
}

TEST(ServerFaults, Refuses) {
  Server server;
  server.url = "http://127.0.0.1:" + std::to_string(closed_port());
  server.model = "linear";
  server.back_off_seconds = 0.001;
  EXPECT_THAT(message_of<ModelError>([&] { load_server(server, {}); }),
              AllOf(HasSubstr("model 'linear at " + server.url + "': GET " + server.url + "/v2"),
                    HasSubstr("no connection: refused"), HasSubstr("4 attempts"),
                    HasSubstr("is it running? Try: curl " + server.url + "/v2/models/linear")));
}

TEST(ServerFaults, GoesAwayAndComesBack) {
  Server server;
  std::shared_ptr<Model> model;
  {
    V2Server there;
    server = there.server();
    model = load_server(server, {});
    model->predict(pictures(1));
  }
  const auto ask = [&] { return message_of<ModelError>([&] { model->predict(pictures(1)); }); };
  EXPECT_THAT(ask(), AllOf(HasSubstr("no connection"), HasSubstr("(4 attempts)")));
  EXPECT_THAT(ask(), AllOf(HasSubstr("no connection"),
                           HasSubstr("(1 attempt, for the request before it failed too)")));
  EXPECT_THAT(ask(), HasSubstr("no connection"));
  EXPECT_THAT(ask(), HasSubstr("not asked any more, for the last 3 requests got no answer"));
  const auto replica = model->replicate();
  EXPECT_THAT(message_of<ModelError>([&] { replica->predict(pictures(1)); }),
              HasSubstr("not asked any more"));
}

TEST(ServerFaults, IsAskedOnWhereItAnswersNowAndThen) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  for (int round = 0; round < 3; ++round) {
    there.wrong = breaks_off();
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(1)); }),
                  HasSubstr("the connection broke"));
    }
    there.wrong = nullptr;
    EXPECT_EQ(model->predict(pictures(1)).rows(), 1);
  }
}

TEST(ServerFaults, ClosesWhileTheRequestIsBeingSent) {
  void (*const before)(int) = std::signal(SIGPIPE, SIG_DFL);  // the tests' server ignores it
  int port = 0;
  const int socket = listening(port);
  std::thread closes([socket] {
    const int connection = accept(socket, nullptr, nullptr);
    char some[100];
    EXPECT_GT(read(connection, some, sizeof(some)), 0);
    shutdown(connection, SHUT_RDWR);
    close(connection);
    close(socket);
  });
  Server server;
  server.url = "http://127.0.0.1:" + std::to_string(port);
  server.retries = 0;
  HttpClient client(server, "", std::make_shared<Standing>());
  EXPECT_THAT(message_of<ModelError>([&] { client.post("/v2", std::string(50'000'000, ' '), 0); }),
              HasSubstr("the connection broke"));
  closes.join();
  std::signal(SIGPIPE, before);
}

TEST(ServerFaults, Answers500Always) {
  V2Server there;
  there.wrong = saying(500, R"({"error":"division by zero"})", "application/json");
  const auto model = load_server(there.server(), {});
  const auto ask = [&] { return message_of<ModelError>([&] { model->predict(pictures(1)); }); };
  EXPECT_THAT(ask(),
              AllOf(HasSubstr("POST " + there.url() + "/v2/models/linear/infer: answered 500"),
                    HasSubstr("\"division by zero\""), HasSubstr("(4 attempts)"),
                    HasSubstr("its own log may say why")));
  EXPECT_EQ(there.infers, 4);
  // It answers, so it is asked on, but gets no more patience until it answers well.
  for (int i = 0; i < 5; ++i) EXPECT_THAT(ask(), HasSubstr("(1 attempt, for"));
  there.wrong = nullptr;
  EXPECT_EQ(model->predict(pictures(1)).rows(), 1);
  there.wrong = at_first(3, saying(500, ""));
  EXPECT_EQ(model->predict(pictures(1)).rows(), 1);
}

TEST(ServerFaults, WhatMayPassIsTriedAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    V2Server there;
    there.wrong = at_first(3, saying(status, "busy"));
    EXPECT_EQ(load_server(there.server(), {})->predict(pictures(1)).rows(), 1) << status;
    EXPECT_EQ(there.infers, 4) << status;
  }
  V2Server there;
  there.wrong = at_first(2, breaks_off());
  EXPECT_EQ(load_server(there.server(), {})->predict(pictures(1)).rows(), 1);
  EXPECT_EQ(there.infers, 3);
}

TEST(ServerFaults, WaitsAsLongAsItAsksFor) {
  V2Server there;
  there.wrong = at_first(1, [](const Request&, Response& response) {
    response.status = 503;
    response.set_header("Retry-After", "1");
    return true;
  });
  const auto model = load_server(there.server(), {});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(model->predict(pictures(1)).rows(), 1);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(there.infers, 2);
}

TEST(ServerFaults, WhatWillNotPassIsNotTriedAgain) {
  for (const int status : {301, 400, 401, 404, 413, 422}) {
    V2Server there;
    EXPECT_THAT(failure(there, saying(status, "no")), HasSubstr("(1 attempt)")) << status;
    EXPECT_EQ(there.infers, 1) << status;
  }
}

TEST(ServerFaults, NoRetriesWhereNoneAreWanted) {
  V2Server there;
  Server server = there.server();
  server.retries = 0;
  EXPECT_THAT(failure(there, saying(503, ""), server),
              AllOf(HasSubstr("answered 503 (1 attempt); it is busy or starting")));
}

TEST(ServerFaults, BreaksOffInTheMiddle) {
  V2Server there;
  EXPECT_THAT(failure(there, breaks_off()),
              AllOf(HasSubstr("the connection broke before the answer was whole"),
                    HasSubstr("(4 attempts)")));
}

V2Server::Wrong slow(V2Server& there) {
  return [&there](const Request&, Response&) {
    while (!there.stopping()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return false;
  };
}

TEST(ServerFaults, IsSlow) {
  V2Server there;
  Server server = there.server();
  server.answer_seconds = 0.3;
  server.retries = 1;
  EXPECT_THAT(failure(there, slow(there), server),
              AllOf(HasSubstr("no answer within 0.3 s (2 attempts)"), HasSubstr("answer_seconds")));
}

TEST(ServerFaults, TricklesWithoutAnEnd) {
  V2Server there;
  Server server = there.server();
  server.answer_seconds = 0.3;
  server.retries = 0;
  const auto trickle = [&there](const Request&, Response& response) {
    response.set_chunked_content_provider(
        "application/json", [&there](std::size_t, httplib::DataSink& sink) {
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
          return !there.stopping() && sink.write(" ", 1);
        });
    return true;
  };
  EXPECT_THAT(failure(there, trickle, server), HasSubstr("no answer within 0.3 s (1 attempt)"));
}

TEST(ServerFaults, WrongShape) {
  V2Server there;
  EXPECT_THAT(failure(there, outputs(R"([{"name":"scores","datatype":"FP32","shape":[1,6],)"
                                     R"("data":[1,2,3,4,5,6]}])")),
              AllOf(HasSubstr("shape [1,6] for 2 image(s)"), HasSubstr("images x classes = 2 x N"),
                    HasSubstr("the answer begins \"{")));
  EXPECT_THAT(failure(there, outputs(R"([{"name":"scores","datatype":"FP32","shape":[2,3],)"
                                     R"("data":[1,2,3]}])")),
              HasSubstr("answered 3 scores in a tensor of 2 x 3"));
}

TEST(ServerFaults, OtherClassesThanBefore) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  model->predict(pictures(1));
  there.classes = 4;
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(1)); }),
              HasSubstr("answered 4 classes, but 3 in an earlier evaluation"));
  there.classes = 1;
  EXPECT_THAT(message_of<ModelError>([&] { model->predict(pictures(1)); }),
              HasSubstr("N at least 2"));
  V2Server alone;
  alone.shape = {1, 1, 4, 4};
  alone.wrong = [&alone](const Request&, Response&) {
    ++alone.classes;
    return false;
  };
  EXPECT_THAT(failure(alone, alone.wrong),
              HasSubstr("answered 4 classes for one image and 5 for another"));
}

TEST(ServerFaults, WrongNameOrDatatypeOrModel) {
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

TEST(ServerFaults, HtmlInsteadOfJson) {
  V2Server there;
  EXPECT_THAT(failure(there, saying(200, "<html>\nWelcome")),
              AllOf(HasSubstr("its answer is no JSON object"),
                    HasSubstr("the answer begins \"<html>\\nWelcome\"")));
  there.wrong_about_model = saying(200, "<html>");
  EXPECT_THAT(message_of<ModelError>([&] { load_server(there.server(), {}); }),
              AllOf(HasSubstr("no JSON object"), HasSubstr("the answer begins \"<html>\"")));
}

TEST(ServerFaults, NoSuchModelOrNotReady) {
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

TEST(ServerFaults, AnAnswerWithoutEnd) {
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

constexpr const char* token = "s3cr3t/t0ken+==";

class ServerToken : public testing::Test {
 protected:
  void SetUp() override {
    there_.token = token;
    setenv("DFLARE_TEST_TOKEN", token, 1);
    server_ = there_.server();
    server_.token_from = "DFLARE_TEST_TOKEN";
  }
  void TearDown() override { unsetenv("DFLARE_TEST_TOKEN"); }

  std::string load_message() {
    return message_of<ModelError>([this] { load_server(server_, {}); });
  }

  V2Server there_;
  Server server_;
};

TEST_F(ServerToken, IsSentAndNowhereElse) {
  const auto model = load_server(server_, {});
  EXPECT_EQ(model->replicate()->predict(pictures(1)).rows(), 1);
  const ModelInfo& info = model->info();
  for (const std::string& text : {info.name, info.runtime, info.path, info.server.url,
                                  info.server.token_from, info.server.model, info.device}) {
    EXPECT_THAT(text, Not(HasSubstr(token)));
  }
}

TEST_F(ServerToken, WhatTheServerRepeatsOfItIsNotShown) {
  const std::string repeated = std::string("you sent ") + token;
  for (const int status : {200, 400, 500}) {
    EXPECT_THAT(failure(there_, saying(status, repeated), server_),
                AllOf(HasSubstr("you sent (the token)"), Not(HasSubstr(token))));
  }
  // Where the excerpt ends, too.
  EXPECT_THAT(failure(there_, saying(400, std::string(292, '.') + token), server_),
              Not(HasSubstr("s3cr3t")));
}

TEST_F(ServerToken, MissingOrWrong) {
  server_.token_from.clear();
  EXPECT_THAT(load_message(), AllOf(HasSubstr("answered 401: \"who is there?\" (1 attempt)"),
                                    HasSubstr("token_from")));
  server_.token_from = "DFLARE_TEST_TOKEN";
  there_.token = "another";
  EXPECT_THAT(load_message(), AllOf(HasSubstr("it does not accept the token in DFLARE_TEST_TOKEN"),
                                    Not(HasSubstr(token))));
}

TEST_F(ServerToken, TheVariableMustHoldOne) {
  unsetenv("DFLARE_TEST_TOKEN");
  EXPECT_THAT(load_message(), HasSubstr("DFLARE_TEST_TOKEN, which is not set"));
  setenv("DFLARE_TEST_TOKEN", "", 1);
  EXPECT_THAT(load_message(), HasSubstr("DFLARE_TEST_TOKEN, which is not set"));
  setenv("DFLARE_TEST_TOKEN", "two\nlines", 1);
  EXPECT_THAT(load_message(), AllOf(HasSubstr("DFLARE_TEST_TOKEN (token_from) holds no token"),
                                    Not(HasSubstr("two"))));
}

TEST_F(ServerToken, IsNotSentUnencryptedToAnotherMachine) {
  server_.url = "http://models.example";
  EXPECT_THAT(load_message(),
              AllOf(HasSubstr("unencrypted to another machine; use https"), Not(HasSubstr(token))));
}

TEST(ServerUrlRefused, WithAPasswordThatIsNotShown) {
  Server server;
  server.url = "http://me:hidden@localhost:1";
  server.model = "linear";
  EXPECT_THAT(
      message_of<ModelError>([&] { load_server(server, {}); }),
      AllOf(HasSubstr("user name, a password"), HasSubstr("token_from"), Not(HasSubstr("hidden"))));
}

}  // namespace
}  // namespace dflare
