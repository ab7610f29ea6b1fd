#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "model/server_failing.hpp"

namespace dflare {
namespace {

using test::failure;
using test::message_of;
using test::saying;
using test::small_pictures;
using test::V2Server;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
  EXPECT_EQ(model->replicate()->predict(small_pictures(1)).rows(), 1);
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
