#include "dflare/model_source.hpp"

#include <gtest/gtest.h>

namespace dflare {
namespace {

TEST(ModelSource, IsNothingUntilItIsGiven) {
  const ModelSource source;
  EXPECT_FALSE(source.given());
  EXPECT_EQ(source.path(), "");
  EXPECT_EQ(source.command(), nullptr);
  EXPECT_EQ(source.server(), nullptr);
  EXPECT_EQ(source.name(), "");
}

TEST(ModelSource, IsAFile) {
  const ModelSource source = ModelFile{"a.pt"};
  EXPECT_TRUE(source.given());
  EXPECT_EQ(source.path(), "a.pt");
  EXPECT_EQ(source.command(), nullptr);
  EXPECT_EQ(source.server(), nullptr);
  EXPECT_EQ(source.name(), "a.pt");
}

TEST(ModelSource, IsACommand) {
  Command command;
  EXPECT_FALSE(ModelSource(command).given());
  command.words = {"serve", "--key=secret"};
  command.written = {"serve", "--key=${KEY}"};
  const ModelSource source = command;
  EXPECT_TRUE(source.given());
  EXPECT_EQ(source.path(), "");
  ASSERT_NE(source.command(), nullptr);
  EXPECT_EQ(source.command()->words, command.words);
  EXPECT_EQ(source.server(), nullptr);
  EXPECT_EQ(source.name(), "serve --key=${KEY}");
}

TEST(ModelSource, IsAServer) {
  Server server;
  server.model = "resnet";
  EXPECT_FALSE(ModelSource(server).given());
  server.url = "http://localhost:8080";
  const ModelSource source = server;
  EXPECT_TRUE(source.given());
  EXPECT_EQ(source.path(), "");
  EXPECT_EQ(source.command(), nullptr);
  ASSERT_NE(source.server(), nullptr);
  EXPECT_EQ(source.server()->model, "resnet");
  EXPECT_EQ(source.name(), "resnet at http://localhost:8080");
}

}  // namespace
}  // namespace dflare
