// The models of a manifest: files, processes, servers and what goes with them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/manifest.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::gtest {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ManifestModels : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a.pt", "twin.pt", "serve"})
      write_atomically(folder_ + "/" + name, "x");
    write_png(folder_ + "/image.png", test::picture(4, 4, 1));
  }

  Manifest read(const std::string& compressed) const {
    write_atomically(folder_ + "/m.yaml",
                     "dflare: 1\npairs:\n  - name: P\n    original: a.pt\n    seeds: .\n"
                     "    input: {mean: 0.5}\n    compressed: " +
                         compressed + "\n");
    return read_manifest(folder_ + "/m.yaml");
  }
  ModelEntry model(const std::string& compressed) const {
    return read(compressed).pairs.at(0).compressed;
  }
  std::string mistake(const std::string& compressed) const {
    return message_of<ConfigError>([&] { read(compressed); });
  }

  const std::string folder_ = test::fresh_folder();
};

TEST_F(ManifestModels, AProcessRunsInTheManifestsFolder) {
  const ModelEntry entry = model(
      "{process: [python3, serve.py, '--threads=${NO_SUCH_VARIABLE:-1}'], limits: "
      "{start_seconds: 5, answer_seconds: 0.5, memory_mib: 512}}");
  ASSERT_TRUE(entry.source.command());
  EXPECT_THAT(entry.source.command()->words, ElementsAre("python3", "serve.py", "--threads=1"));
  EXPECT_EQ(entry.source.command()->folder, folder_);
  EXPECT_EQ(entry.load.limits.start_seconds, 5);
  EXPECT_EQ(entry.load.limits.answer_seconds, 0.5);
  EXPECT_EQ(entry.load.limits.memory_mib, 512);
  EXPECT_EQ(entry.source.name(), "python3 serve.py --threads=${NO_SUCH_VARIABLE:-1}");
  EXPECT_THAT(model("{process: [./serve]}").source.command()->words,
              ElementsAre(folder_ + "/serve"));
}

TEST_F(ManifestModels, AServerHasAUrlAndAModel) {
  const ModelEntry entry = model(
      "{url: 'http://localhost:8080', model: resnet, version: 2, token_from: TOKEN, "
      "connect_seconds: 1, answer_seconds: 2, back_off_seconds: 0.1, retries: 0}");
  ASSERT_TRUE(entry.source.server());
  const Server& server = *entry.source.server();
  EXPECT_EQ(server.url, "http://localhost:8080");
  EXPECT_EQ(server.model, "resnet");
  EXPECT_EQ(server.version, "2");
  EXPECT_EQ(server.token_from, "TOKEN");
  EXPECT_EQ(server.connect_seconds, 1);
  EXPECT_EQ(server.answer_seconds, 2);
  EXPECT_EQ(server.back_off_seconds, 0.1);
  EXPECT_EQ(server.retries, 0);
  EXPECT_EQ(entry.source.name(), "resnet at http://localhost:8080");
}

TEST_F(ManifestModels, AFileMayBeIsolated) {
  const ModelEntry entry = model("{file: a.pt, isolate: true, limits: {memory_mib: 100}}");
  EXPECT_TRUE(entry.load.isolate);
  EXPECT_EQ(entry.load.limits.memory_mib, 100);
  EXPECT_FALSE(model("a.pt").load.isolate);
}

TEST_F(ManifestModels, AFileAndAProcessMayBeSandboxed) {
  EXPECT_TRUE(model("{file: a.pt, isolate: sandboxed, limits: {memory_mib: 1}}").load.sandbox);
  EXPECT_TRUE(model("{process: [serve], isolate: sandboxed}").load.sandbox);
  EXPECT_FALSE(model("{file: a.pt, isolate: true}").load.sandbox);
}

TEST_F(ManifestModels, GradientsMayComeFromATwin) {
  const ModelEntry plain = model("{file: a.pt, gradients_from: twin.pt, input: {std: 0.25}}");
  ASSERT_TRUE(plain.gradients_from);
  EXPECT_EQ(plain.gradients_from->path, folder_ + "/twin.pt");
  EXPECT_EQ(plain.gradients_from->load.input, plain.load.input);
  const ModelEntry own = model("{file: a.pt, gradients_from: {file: twin.pt, input: {mean: 0.1}}}");
  EXPECT_THAT(own.gradients_from->load.input.mean, ElementsAre(0.1F));
  EXPECT_THAT(own.load.input.mean, ElementsAre(0.5F));
}

TEST_F(ManifestModels, ImagesMayBeResizedToTheFilesOwnSize) {
  const InputSpec input = model("{file: a.pt, input: {resize: true}}").load.input;
  EXPECT_TRUE(input.resize);
  EXPECT_FALSE(input.size.given());
}

TEST_F(ManifestModels, EveryMistakeIsNamed) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"{device: cpu}", "the key 'file' is missing"},
      {"{file: a.pt, url: 'http://x', model: m}", "several of the keys 'file', 'process', 'url'"},
      {"{process: []}", "an empty list; expected a program"},
      {"{process: serve}", "'serve' where a list was expected"},
      {"{process: [./none]}", "there is no file '" + folder_ + "/none'; expected a program"},
      {"{process: [\"${NO_SUCH_VARIABLE}\"]}", "NO_SUCH_VARIABLE"},
      {"{process: [serve], engine: qnnpack}", "engine: makes no sense without 'file'"},
      {"{process: [serve], isolate: true}", "isolate: makes no sense without 'file'"},
      {"{file: a.pt, limits: {memory_mib: 1}}", "limits: makes no sense without 'process'"},
      {"{file: a.pt, isolate: false, limits: {memory_mib: 1}}", "limits: makes no sense"},
      {"{file: a.pt, isolate: yes}", "unknown isolation 'yes'. Known: false, true, sandboxed"},
      {"{url: 'http://x', model: m, isolate: sandboxed}", "isolate: makes no sense without 'file'"},
      {"{process: [serve], limits: {answer_seconds: 0}}", "answer_seconds: '0' makes no sense"},
      {"{process: [serve], limits: {memory_mib: -1}}", "memory_mib: '-1' makes no sense"},
      {"{process: [serve], limits: {memory: 1}}", "memory"},
      {"{url: 'http://x'}", "the key 'model' is missing; expected the name"},
      {"{file: a.pt, retries: 1}", "retries: makes no sense without 'url'"},
      {"{url: 'http://x', model: m, retries: 101}", "retries: '101' makes no sense"},
      {"{url: 'http://x', model: m, back_off_seconds: 61}",
       "back_off_seconds: '61' makes no sense; expected a number, 0.001 to 60"},
      {"{url: 'http://x', model: m, device: cpu}", "device: makes no sense without 'file'"},
      {"{file: a.pt, gradients_from: none.pt}", "there is no file '" + folder_ + "/none.pt'"},
      {"{file: a.pt, gradients_from: {input: {mean: 1}}}", "expected a TorchScript file"},
  };
  for (const auto& [compressed, expected] : mistakes) {
    EXPECT_THAT(mistake(compressed), AllOf(HasSubstr("m.yaml:"), HasSubstr(expected)))
        << compressed;
  }
}

}  // namespace
}  // namespace dflare::gtest
