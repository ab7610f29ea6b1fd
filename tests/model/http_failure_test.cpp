#include "model/server/http_failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/error.hpp"
#include "model/server/http_client.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using httplib::Error;
using testing::AllOf;
using testing::HasSubstr;

TEST(ServerUrl, Parts) {
  const ServerUrl url = parse_server_url("HTTPS://Models.example:8443/team/a/");
  EXPECT_EQ(url.origin, "https://models.example:8443");
  EXPECT_EQ(url.prefix, "/team/a");
  EXPECT_TRUE(url.encrypted);
  EXPECT_FALSE(url.local);
  for (const char* local :
       {"http://localhost", "http://127.0.0.1:80/", "http://127.1.2.3", "http://[::1]:8080"}) {
    EXPECT_TRUE(parse_server_url(local).local) << local;
    EXPECT_EQ(parse_server_url(local).prefix, "") << local;
  }
  for (const char* elsewhere : {"http://localhost.example", "http://127.0.0.1.example",
                                "http://[::2]", "http://128.0.0.1"}) {
    EXPECT_FALSE(parse_server_url(elsewhere).local) << elsewhere;
  }
}

TEST(ServerUrl, WhatIsNone) {
  const auto message = [](const std::string& url) {
    return test::message_of<ModelError>([&] { parse_server_url(url); });
  };
  for (const char* url : {"", "localhost:8080", "ftp://localhost", "http://", "http://a b",
                          "http://a:port", "grpc://localhost:8081"}) {
    EXPECT_THAT(message(url), AllOf(HasSubstr(std::string("'") + url + "' is no URL of a server"),
                                    HasSubstr("http://HOST:PORT")));
  }
  for (const char* url : {"http://a/v2", "http://a/b/v2/models/c/infer"}) {
    EXPECT_THAT(message(url), HasSubstr("goes too far; give what comes before /v2"));
  }
  for (const char* url : {"http://a?token=x", "http://a#b", "https://me@a"}) {
    EXPECT_THAT(message(url), HasSubstr("it is not shown here"));
  }
}

TEST(ServerUrl, LongOnes) {
  const std::string letters(40'000, 'a');
  for (const std::string& url : {"http://" + letters, "http://a/" + letters, letters}) {
    EXPECT_THAT(test::message_of<ModelError>([&] { parse_server_url(url); }),
                HasSubstr("expected at most 2048"));
  }
  EXPECT_EQ(parse_server_url("http://[::1]:8080/x").host, "::1");
  EXPECT_EQ(parse_server_url("https://a").port, 443);
  for (const char* url : {"http://a:0", "http://a:65536", "http://[::1", "http://[]",
                          "http://a:", "http://a:+1", "http:///x", "http://a]"}) {
    EXPECT_THAT(test::message_of<ModelError>([&] { parse_server_url(url); }),
                HasSubstr("is no URL of a server"));
  }
}

TEST(ServerUrl, PathParts) {
  EXPECT_EQ(path_part("resnet-20_v1.5~a"), "resnet-20_v1.5~a");
  EXPECT_EQ(path_part("a b/ü?%"), "a%20b%2F%C3%BC%3F%25");
}

TEST(HttpFailure, OfAConnection) {
  Server server;
  server.model = "m";
  const ServerUrl url = parse_server_url("https://a/b");
  const auto of = [&](Error error, bool late = false) {
    return failure_of(error, late, server, url);
  };
  EXPECT_THAT(of(Error::Connection).advice, HasSubstr("curl https://a/b/v2/models/m"));
  EXPECT_EQ(of(Error::ConnectionTimeout).text, "no connection within 5 s");
  EXPECT_EQ(of(Error::Read, true).text, "no answer within 60 s");
  EXPECT_EQ(of(Error::Canceled, true).text, "no answer within 60 s");
  EXPECT_THAT(of(Error::Read).text, HasSubstr("broke before the answer was whole"));
  EXPECT_THAT(of(Error::Write).text, HasSubstr("broke while the request was sent"));
  EXPECT_THAT(of(Error::SSLConnection).text, HasSubstr("no answer: "));
  EXPECT_TRUE(of(Error::SSLConnection).may_pass);
  EXPECT_FALSE(of(Error::Connection).answered);
  const HttpFailure untrusted = of(Error::SSLServerVerification);
  EXPECT_THAT(untrusted.text, HasSubstr("certificate"));
  EXPECT_THAT(untrusted.advice, HasSubstr("SSL_CERT_FILE"));
  EXPECT_FALSE(untrusted.may_pass);
}

TEST(HttpFailure, OfAnAnswer) {
  const auto of = [](int status, const std::string& body) {
    httplib::Response response;
    response.status = status;
    return failure_of(response, body, Server(), "");
  };
  EXPECT_EQ(of(400, R"({"error":"batch-size must be <= 4"})").text,
            "answered 400: \"batch-size must be <= 4\"");
  EXPECT_EQ(of(400, R"({"detail":[1]})").text, R"(answered 400: "{\"detail\":[1]}")");
  EXPECT_EQ(of(404, "").text, "answered 404");
  EXPECT_THAT(of(301, "").advice, HasSubstr("redirects are not followed"));
  EXPECT_THAT(of(413, "").advice, HasSubstr("smaller batch"));
  EXPECT_EQ(of(500, std::string(400, 'x')).text,
            "answered 500: \"" + std::string(300, 'x') + "\"...");
  // Half a letter at the end, and what is no UTF-8: both would break the files of results.
  EXPECT_EQ(of(500, "caf\xc3").text, "answered 500: \"caf\xef\xbf\xbd\"");
}

TEST(HttpClient, WaitsTwiceAsLongEachTime) {
  Server server;
  EXPECT_EQ(seconds_to_wait(server, 1, ""), 0.5);
  EXPECT_EQ(seconds_to_wait(server, 2, ""), 1);
  EXPECT_EQ(seconds_to_wait(server, 3, ""), 2);
}

TEST(HttpClient, WaitsAsLongAsTheServerAsksForUpToABound) {
  Server server;
  EXPECT_EQ(seconds_to_wait(server, 1, "7"), 7);
  EXPECT_EQ(seconds_to_wait(server, 5, "7"), 8);
  EXPECT_EQ(seconds_to_wait(server, 1, "3600"), 30);
  for (const char* no_seconds : {"Wed, 21 Oct 2026 07:28:00 GMT", "-1", "99999999999"}) {
    EXPECT_EQ(seconds_to_wait(server, 1, no_seconds), 0.5) << no_seconds;
  }
}

}  // namespace
}  // namespace dflare
