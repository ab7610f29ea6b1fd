// What run.json says of where models come from, and what a replay makes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "finding/fakes.hpp"
#include "finding/replay/changes.hpp"
#include "finding/source_json.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

RecordedSource read_again(const nlohmann::ordered_json& model) {
  const std::string file = fresh_folder() + "/run.json";
  nlohmann::ordered_json run = {{"kind", 1}, {"model", model}};
  write_atomically(file, run.dump());
  return recorded_source(Document(file, "kind", 1), "/model");
}

RecordedSource written_and_read(const ModelInfo& info) {
  return read_again(source_json(info));
}

ModelInfo of_process() {
  ModelInfo info = in_memory("serve a.tflite");
  info.backend = "process";
  info.process = {{"serve", "a.tflite"}, "/somewhere"};
  info.limits = {5, 0.5, 512};
  return info;
}

ModelInfo of_server() {
  ModelInfo info = in_memory("m at http://localhost:1");
  info.backend = "server";
  info.server.url = "http://localhost:1";
  info.server.model = "m";
  info.server.version = "3";
  info.server.token_from = "TOKEN";
  info.server.retries = 7;
  return info;
}

TEST(Source, AFileKeepsWhetherItWasIsolated) {
  ModelInfo info = of_file("/x/a.pt");
  EXPECT_FALSE(written_and_read(info).isolate);
  info.isolated = true;
  info.limits.memory_mib = 100;
  const RecordedSource read = written_and_read(info);
  EXPECT_TRUE(read.isolate);
  EXPECT_EQ(read.source.path(), "/x/a.pt");
  EXPECT_EQ(read.limits.memory_mib, 100);
  EXPECT_FALSE(read.sandbox);
  info.sandboxed = true;
  EXPECT_TRUE(written_and_read(info).sandbox);
}

TEST(Source, AProcessKeepsItsCommandAndLimits) {
  const RecordedSource read = written_and_read(of_process());
  ASSERT_TRUE(read.source.command());
  EXPECT_THAT(read.source.command()->words, ElementsAre("serve", "a.tflite"));
  EXPECT_EQ(read.source.command()->folder, "/somewhere");
  EXPECT_EQ(read.limits.start_seconds, 5);
  EXPECT_EQ(read.limits.answer_seconds, 0.5);
  EXPECT_EQ(read.limits.memory_mib, 512);
}

TEST(Source, AServerKeepsItsAddressAndTheNameOfItsTokensVariable) {
  const RecordedSource read = written_and_read(of_server());
  ASSERT_TRUE(read.source.server());
  const Server& server = *read.source.server();
  EXPECT_EQ(server.url, "http://localhost:1");
  EXPECT_EQ(server.model, "m");
  EXPECT_EQ(server.version, "3");
  EXPECT_EQ(server.token_from, "TOKEN");
  EXPECT_EQ(server.retries, 7);
}

TEST(Source, AModelInMemoryHasNone) {
  EXPECT_FALSE(written_and_read(in_memory("x")).source.given());
  ModelInfo empty = in_memory("x");
  auto json = source_json(empty);
  json["process"] = nlohmann::ordered_json::array();
  json["folder"] = "/somewhere";
  EXPECT_FALSE(read_again(json).source.given());
}

TEST(Source, SeveralAreDamage) {
  const auto refusal = [](const nlohmann::ordered_json& json) {
    return message_of<FindingError>([&] { read_again(json); });
  };
  const auto of_file_and = [](ModelInfo other) {
    other.path = "/x/a.pt";
    return source_json(other);
  };
  const std::string said = "names several of a file, a command and a server";
  EXPECT_THAT(refusal(of_file_and(of_process())), AllOf(HasSubstr("/model"), HasSubstr(said)));
  EXPECT_THAT(refusal(of_file_and(of_server())), HasSubstr(said));
  ModelInfo both = of_process();
  both.server = of_server().server;
  EXPECT_THAT(refusal(source_json(both)), HasSubstr(said));
}

std::vector<std::string> changes(const ModelInfo& then, const ModelInfo& now) {
  const auto answer = bright_above(100);
  std::vector<std::string> warnings;
  append_changes(warnings, "compressed", record_of(FakeModel(answer, then)),
                 record_of(FakeModel(answer, now)));
  return warnings;
}

TEST(Changes, OfAProcessOrServerAreSaid) {
  EXPECT_THAT(changes(of_process(), of_process()), IsEmpty());
  ModelInfo other = of_process();
  other.name = "serve b.tflite";
  EXPECT_THAT(changes(of_process(), other),
              ElementsAre(AllOf(HasSubstr("a process, 'serve b.tflite'"),
                                HasSubstr("was a process, 'serve a.tflite'"))));
  other = of_process();
  other.sha256 = "abc";
  EXPECT_THAT(changes(of_process(), other), ElementsAre(HasSubstr("SHA-256 abc")));
  other = of_process();
  other.runtime = "LiteRT 3";
  EXPECT_THAT(changes(of_process(), other), ElementsAre(HasSubstr("runtime is LiteRT 3")));
  EXPECT_THAT(changes(of_process(), of_server()),
              Contains(HasSubstr("is a server, 'm at http://localhost:1'")));
  EXPECT_THAT(changes(in_memory("x"), of_server()),
              Contains(HasSubstr("was a model in memory, 'x'")));
  EXPECT_THAT(changes(of_file("a.pt"), of_process()),
              Contains(AllOf(HasSubstr("is a process"), HasSubstr("was the file 'a.pt'"))));
}

TEST(Source, OfACommandIsRecordedAsItWasWritten) {
  ModelInfo info = of_process();
  info.process.written = {"serve", "--key=${KEY}"};
  EXPECT_EQ(source_json(info).at("process").dump(), R"(["serve","--key=${KEY}"])");
}

TEST(Replay, StartsTheProcessThatRunJsonNamesWhereThatIsTrusted) {
  const auto answer = bright_above(100);
  ModelInfo gone = of_process();
  gone.process.words = {"/no/such/program"};
  FakeModel original(answer, gone), compressed(answer, gone);
  FindingWriter writer(fresh_folder(), original, compressed, some_seeds(), {});
  writer.deviation(deviation_of("a/17"));
  const std::string finding = writer.folder_of("a/17");
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding); }),
              AllOf(HasSubstr("only data"), HasSubstr("the command '/no/such/program'")));
  ReplayTrust trust;
  trust.recorded = true;
  EXPECT_THAT(message_of<ModelError>([&] { replay(finding, "", "", trust); }),
              HasSubstr("cannot start '/no/such/program'"));
  // A command of the same words is the user's own.
  OwnPair own;
  own.original.source = own.compressed.source = gone.process;
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding, "", "", {{own}}); }),
              HasSubstr("no pair of '' has"));
  ModelInfo named = gone;
  named.name = "/no/such/program";
  FakeModel named_original(answer, named), named_compressed(answer, named);
  FindingWriter again(fresh_folder("again"), named_original, named_compressed, some_seeds(), {});
  again.deviation(deviation_of("a/17"));
  EXPECT_THAT(message_of<ModelError>([&] { replay(again.folder_of("a/17"), "", "", {{own}}); }),
              HasSubstr("cannot start '/no/such/program'"));
}

}  // namespace
}  // namespace dflare::test
