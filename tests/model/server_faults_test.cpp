#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/server/http_client.hpp"
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

TEST(ServerFaults, GoesAway) {
  Server server;
  std::shared_ptr<Model> model;
  {
    V2Server there;
    server = there.server();
    model = load_server(server, {});
    model->predict(small_pictures(1));
  }
  const auto ask = [&] {
    return message_of<ModelError>([&] { model->predict(small_pictures(1)); });
  };
  EXPECT_THAT(ask(), AllOf(HasSubstr("no connection"), HasSubstr("(4 attempts)")));
  EXPECT_THAT(ask(), AllOf(HasSubstr("no connection"),
                           HasSubstr("(1 attempt, for the request before it failed too)")));
  EXPECT_THAT(ask(), HasSubstr("no connection"));
  EXPECT_THAT(ask(), HasSubstr("not asked any more, for 3 requests in a row got no answer (the "
                               "last: no connection: refused"));
  const auto replica = model->replicate();
  EXPECT_THAT(message_of<ModelError>([&] { replica->predict(small_pictures(1)); }),
              HasSubstr("not asked any more"));
}

TEST(ServerFaults, IsAskedOnWhereItAnswersNowAndThen) {
  V2Server there;
  const auto model = load_server(there.server(), {});
  for (int round = 0; round < 3; ++round) {
    there.wrong = breaks_off();
    for (int i = 0; i < 2; ++i) {
      EXPECT_THAT(message_of<ModelError>([&] { model->predict(small_pictures(1)); }),
                  HasSubstr("the connection broke"));
    }
    there.wrong = nullptr;
    EXPECT_EQ(model->predict(small_pictures(1)).rows(), 1);
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
  HttpClient client(server, "", std::make_shared<CircuitBreaker>(HttpClient::rules));
  EXPECT_THAT(message_of<ModelError>([&] { client.post("/v2", std::string(50'000'000, ' '), 0); }),
              HasSubstr("the connection broke"));
  closes.join();
  std::signal(SIGPIPE, before);
}

TEST(ServerFaults, Answers500Always) {
  V2Server there;
  there.wrong = saying(500, R"({"error":"division by zero"})", "application/json");
  const auto model = load_server(there.server(), {});
  const auto ask = [&] {
    return message_of<ModelError>([&] { model->predict(small_pictures(1)); });
  };
  EXPECT_THAT(ask(),
              AllOf(HasSubstr("POST " + there.url() + "/v2/models/linear/infer: answered 500"),
                    HasSubstr("\"division by zero\""), HasSubstr("(4 attempts)"),
                    HasSubstr("its own log may say why")));
  EXPECT_EQ(there.infers, 4);
  // It answers, so it is asked on, but gets no more patience until it answers well.
  for (int i = 0; i < 5; ++i) EXPECT_THAT(ask(), HasSubstr("(1 attempt, for"));
  there.wrong = nullptr;
  EXPECT_EQ(model->predict(small_pictures(1)).rows(), 1);
  there.wrong = at_first(3, saying(500, ""));
  EXPECT_EQ(model->predict(small_pictures(1)).rows(), 1);
}

TEST(ServerFaults, WhatMayPassIsTriedAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    V2Server there;
    there.wrong = at_first(3, saying(status, "busy"));
    EXPECT_EQ(load_server(there.server(), {})->predict(small_pictures(1)).rows(), 1) << status;
    EXPECT_EQ(there.infers, 4) << status;
  }
  V2Server there;
  there.wrong = at_first(2, breaks_off());
  EXPECT_EQ(load_server(there.server(), {})->predict(small_pictures(1)).rows(), 1);
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
  EXPECT_EQ(model->predict(small_pictures(1)).rows(), 1);
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

/// Answers every connection with `begin`, then with `again` over and over, whatever it is sent.
class Flood {
 public:
  Flood(std::string begin, std::string again, std::chrono::milliseconds pause)
      : socket_(listening(port_)), thread_([=] { serve(begin, again, pause); }) {}
  ~Flood() {
    stopping_ = true;
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

  /// What an answer from it ends with.
  std::string failure(double answer_seconds) const {
    Server server;
    server.url = "http://127.0.0.1:" + std::to_string(port_);
    server.answer_seconds = answer_seconds;
    server.retries = 0;
    HttpClient client(server, "", std::make_shared<CircuitBreaker>(HttpClient::rules));
    return message_of<ModelError>([&] { client.get("/v2"); });
  }

 private:
  void serve(const std::string& begin, const std::string& again, std::chrono::milliseconds pause) {
    while (!stopping_) {
      const int connection = accept(socket_, nullptr, nullptr);
      if (connection < 0) return;
      const auto say = [&](const std::string& text) {
        return send(connection, text.data(), text.size(), MSG_NOSIGNAL) > 0;
      };
      say(begin);
      while (!stopping_ && say(again)) std::this_thread::sleep_for(pause);
      close(connection);
    }
  }

  int port_ = 0;
  std::atomic<bool> stopping_{false};
  int socket_;
  std::thread thread_;
};

constexpr const char* head = "HTTP/1.1 200 OK\r\n";

TEST(ServerFaults, OneDeadlineForAllOfAnAnswer) {
  const std::chrono::milliseconds pause(20);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(Flood(head, "a", pause).failure(0.3), HasSubstr("no answer within 0.3 s"));
  EXPECT_THAT(Flood(head, "A: b\r\n", pause).failure(0.3), HasSubstr("no answer within 0.3 s"));
  EXPECT_THAT(Flood("", "HTTP/1.1 100 Continue\r\n\r\n", pause).failure(0.3),
              HasSubstr("no answer within 0.3 s"));
  EXPECT_THAT(
      Flood(std::string(head) + "Transfer-Encoding: chunked\r\n\r\n", "0", pause).failure(0.3),
      HasSubstr("no answer within 0.3 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(ServerFaults, HeadersWithoutAnEnd) {
  const std::chrono::milliseconds no_pause(0);
  const std::string much(10000, 'a');
  for (const auto& [begin, again] : std::vector<std::pair<std::string, std::string>>{
           {head, much},
           {head, "A: b\r\nC: d\r\n"},
           {"", "HTTP/1.1 100 Continue\r\n\r\n"},
           // A recursive std::regex of cpp-httplib judges this line.
           {"HTTP/1.1 200 " + std::string(200'000, 'a') + "\r\n\r\n", " "}}) {
    EXPECT_THAT(Flood(begin, again, no_pause).failure(60),
                HasSubstr("headers of more than 256 KiB, or a line of more than 8192 bytes in "
                          "them (1 attempt)"))
        << begin.substr(0, 30);
  }
}

TEST(ServerFaults, NeverWaitsLongerThanAMinute) {
  Server server;
  server.back_off_seconds = 50;
  EXPECT_EQ(seconds_to_wait(server, 1, ""), 50);
  EXPECT_EQ(seconds_to_wait(server, 100, ""), 60);
}

TEST(ServerFaults, SettingsBeyondTheirBounds) {
  V2Server there;
  const auto message = [&](void (*change)(Server&)) {
    Server server = there.server();
    change(server);
    return message_of<ModelError>([&] { load_server(server, {}); });
  };
  EXPECT_THAT(message([](Server& s) { s.answer_seconds = 1e308; }), HasSubstr("at most 86400"));
  EXPECT_THAT(message([](Server& s) { s.back_off_seconds = 61; }), HasSubstr("61 from 0 to 60"));
  EXPECT_THAT(message([](Server& s) { s.retries = 101; }), HasSubstr("101 from 0 to 100"));
}

}  // namespace
}  // namespace dflare
