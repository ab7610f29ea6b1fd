#include "config/model_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"
#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::config {
namespace {

using test::Yaml;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ModelOfAFile : public ::testing::Test {
 protected:
  ModelOfAFile() : folder_(test::fresh_folder()) {
    for (const char* name : {"a.pt", "b.pt", "serve"}) write_file(folder_ + "/" + name, "none");
  }

  ModelEntry read(const std::string& text, const InputSpec& input = {}) {
    Yaml yaml("k: " + text, folder_ + "/f.yaml");
    ModelEntry model = read_model(yaml.at("k"), input);
    EXPECT_EQ(yaml.mistakes(), "") << text;
    return model;
  }
  /// Without the file's name.
  std::string mistakes_of(const std::string& text) {
    Yaml yaml("k: " + text, folder_ + "/f.yaml");
    read_model(yaml.at("k"), {});
    std::string mistakes = yaml.mistakes();
    const std::string place = folder_ + "/f.yaml:1: k";
    for (std::size_t at = mistakes.find(place); at != std::string::npos; at = mistakes.find(place))
      mistakes.replace(at, place.size(), "k");
    return mistakes;
  }

  const std::string folder_;
};

TEST_F(ModelOfAFile, IsAPath) {
  InputSpec input;
  input.channels = 1;
  const ModelEntry model = read("a.pt", input);
  EXPECT_EQ(model.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(model.load.input.channels, 1);
  EXPECT_FALSE(model.gradients_from);
}

TEST_F(ModelOfAFile, OrAMapOfWhatBelongsToIt) {
  const ModelEntry model = read(
      "{file: a.pt, device: cuda, engine: qnnpack, input: {channels: 3}, isolate: true, "
      "limits: {start_seconds: 1, answer_seconds: 2.5, memory_mib: 100}, gradients_from: b.pt}");
  EXPECT_EQ(model.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(model.load.device, "cuda");
  EXPECT_EQ(model.load.engine, "qnnpack");
  EXPECT_EQ(model.load.input.channels, 3);
  EXPECT_TRUE(model.load.isolate);
  EXPECT_FALSE(model.load.sandbox);
  EXPECT_EQ(model.load.limits.start_seconds, 1);
  EXPECT_EQ(model.load.limits.answer_seconds, 2.5);
  EXPECT_EQ(model.load.limits.memory_mib, 100);
  EXPECT_EQ(model.gradients_from->path, folder_ + "/b.pt");
  EXPECT_EQ(model.gradients_from->load.input.channels, 3);
  EXPECT_TRUE(read("{file: a.pt, isolate: sandboxed}").load.sandbox);
  EXPECT_FALSE(read("{file: a.pt, isolate: false}").load.isolate);
  const ModelEntry twin = read("{file: a.pt, gradients_from: {file: b.pt, input: {size: 8}}}");
  EXPECT_EQ(twin.gradients_from->load.input.size.width, 8);
}

TEST_F(ModelOfAFile, MustBeThere) {
  EXPECT_EQ(mistakes_of("none.pt"),
            "k: there is no file '" + folder_ + "/none.pt'; expected a model file");
  EXPECT_EQ(mistakes_of("{file: .}"),
            "k.file: '" + folder_ + "/.' is a folder; expected a model file");
  EXPECT_EQ(mistakes_of("{file: a.pt, gradients_from: none.pt}"),
            "k.gradients_from: there is no file '" + folder_ + "/none.pt'; expected a model file");
  EXPECT_EQ(mistakes_of("{file: a.pt, gradients_from: {input: {}}}"),
            "k.gradients_from: the key 'file' is missing; expected a TorchScript file");
  EXPECT_EQ(mistakes_of("[a.pt]"), "k: a list where a path was expected");
}

TEST_F(ModelOfAFile, MistakesAreNamed) {
  EXPECT_THAT(mistakes_of("{fil: a.pt}"), HasSubstr("unknown key 'fil'; did you mean 'file'?"));
  EXPECT_THAT(mistakes_of("{file: a.pt, isolate: yes}"), HasSubstr("unknown isolation 'yes'"));
  EXPECT_EQ(mistakes_of("{file: a.pt, device: [cpu]}"),
            "k.device: a list where a text was expected");
  EXPECT_EQ(mistakes_of("{file: a.pt, engine: {}}"), "k.engine: a map where a text was expected");
  EXPECT_EQ(mistakes_of("{file: a.pt, isolate: true, limits: {answer_seconds: 0}}"),
            "k.limits.answer_seconds: '0' makes no sense; expected a number, 0.001 to 86400");
  EXPECT_EQ(mistakes_of("{file: a.pt, isolate: true, limits: {memory_mib: -1}}"),
            "k.limits.memory_mib: '-1' makes no sense; expected a whole number, 0 to 2147483647");
  EXPECT_EQ(mistakes_of("{file: a.pt, input: {std: 0}}"),
            "k.input: input stddev: 0; expected numbers above 0");
}

TEST_F(ModelOfAFile, OfACommandAreWords) {
  const Command command =
      *read("{process: [./serve, \"${DFLARE_TEST_UNSET:-x}\"]}").source.command();
  EXPECT_THAT(command.words, ElementsAre(folder_ + "/serve", "x"));
  EXPECT_THAT(command.written, ElementsAre("./serve", "${DFLARE_TEST_UNSET:-x}"));
  EXPECT_EQ(command.folder, folder_);
  EXPECT_THAT(read("{process: [python3]}").source.command()->words, ElementsAre("python3"));
  EXPECT_EQ(mistakes_of("{process: [./none]}"),
            "k.process: there is no file '" + folder_ + "/none'; expected a program");
  EXPECT_EQ(mistakes_of("{process: []}"),
            "k.process: an empty list; expected a program and its arguments: [python3, serve.py]");
  EXPECT_EQ(mistakes_of("{process: python3}"), "k.process: 'python3' where a list was expected");
}

TEST_F(ModelOfAFile, OfAServerHasItsOwnKeys) {
  const Server server =
      *read(
           "{url: \"http://localhost\", model: m, version: \"2\", token_from: TOKEN, "
           "connect_seconds: 1, answer_seconds: 2, back_off_seconds: 3, retries: 4}")
           .source.server();
  EXPECT_EQ(server.url, "http://localhost");
  EXPECT_EQ(server.model, "m");
  EXPECT_EQ(server.version, "2");
  EXPECT_EQ(server.token_from, "TOKEN");
  EXPECT_EQ(server.connect_seconds, 1);
  EXPECT_EQ(server.answer_seconds, 2);
  EXPECT_EQ(server.back_off_seconds, 3);
  EXPECT_EQ(server.retries, 4);
  EXPECT_EQ(mistakes_of("{url: \"http://localhost\"}"),
            "k: the key 'model' is missing; expected the name of the model on the server");
  EXPECT_EQ(mistakes_of("{url: u, model: m, retries: 101}"),
            "k.retries: '101' makes no sense; expected a whole number, 0 to 100");
  EXPECT_EQ(mistakes_of("{url: u, model: m, back_off_seconds: 61}"),
            "k.back_off_seconds: '61' makes no sense; expected a number, 0.001 to 60");
  EXPECT_EQ(mistakes_of("{url: u, model: [m]}"),
            "k.model: a list where the name of a model was expected");
}

TEST_F(ModelOfAFile, HasOneSourceAndNoKeysOfOthers) {
  EXPECT_EQ(mistakes_of("{device: cpu}"),
            "k: the key 'file' is missing; expected the path of a model (or 'process', a command, "
            "or 'url' and 'model', a server)");
  EXPECT_EQ(mistakes_of("{file: a.pt, url: u, model: m}"),
            "k: several of the keys 'file', 'process', 'url'; expected one of them");
  EXPECT_EQ(mistakes_of("{file: a.pt, token_from: T}"),
            "k.token_from: makes no sense without 'url'; leave it out");
  EXPECT_EQ(mistakes_of("{process: [python3], device: cpu}"),
            "k.device: makes no sense without 'file'; leave it out");
  EXPECT_EQ(mistakes_of("{process: [python3], isolate: true}"),
            "k.isolate: makes no sense without 'file'; leave it out");
  EXPECT_EQ(mistakes_of("{file: a.pt, limits: {}}"),
            "k.limits: makes no sense without 'process' or 'isolate: true'; leave it out");
  EXPECT_THAT(mistakes_of("{process: [python3], isolate: sandboxed, limits: {}}"), IsEmpty());
}

TEST_F(ModelOfAFile, IsOpenedAsItsSourceIs) {
  EXPECT_THROW(read("a.pt").open(), ModelError);  // no model at all
}

}  // namespace
}  // namespace dflare::config
