#include "config/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/environment.hpp"
#include "config/yaml_progress.hpp"
#include "dflare/error.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::config {
namespace {

using test::message_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class YamlDocument : public ::testing::Test {
 protected:
  /// What is at the key `k`.
  std::string read(const std::string& text) {
    write_file(file_, text);
    std::string value;
    read_document(file_, "manifest", [&value](const Entry& root, Mistakes&) {
      if (const auto entry = root.find("k")) value = entry->text().value_or("");
    });
    return value;
  }
  std::string error_of(const std::string& text) {
    return message_of<ConfigError>([&] { read(text); });
  }

  const std::string file_ = test::fresh_folder() + "/f.yaml";
};

TEST_F(YamlDocument, IsReadWithoutMistakes) {
  EXPECT_EQ(read("k: word"), "word");
  EXPECT_EQ(read("%YAML 1.2\n---\nk: word\n...\n"), "word");
  EXPECT_EQ(read("---\n---\nk: word\n---\n"), "word");
  EXPECT_EQ(read(""), "");
}

TEST_F(YamlDocument, ThatIsNotThereIsNamed) {
  EXPECT_THAT(message_of<ConfigError>([&] { read_document(file_, "manifest", {}); }),
              StartsWith(file_ + ": cannot be read; expected a manifest (YAML): "));
}

TEST_F(YamlDocument, SaysHowManyMistakesThereAre) {
  EXPECT_EQ(error_of("k: ''"),
            "1 mistake in the manifest\n" + file_ + ":1: k: '' where a text was expected");
  EXPECT_EQ(error_of("k: ''\n---\na: b"),
            "2 mistakes in the manifest\n" + file_ + ":1: k: '' where a text was expected\n" +
                file_ +
                ":3: a second YAML document begins here (after '---', '...' or the end of the "
                "first); a manifest is one document: put all into the first, or this into a file "
                "of its own");
}

TEST_F(YamlDocument, ThatIsNoYamlSaysWhere) {
  EXPECT_THAT(error_of("k: [a"),
              StartsWith("1 mistake in the manifest\n" + file_ + ":1: this is no YAML: "));
  EXPECT_THAT(error_of("k: word\n,"), HasSubstr(":2: this is no YAML: "));
}

TEST_F(YamlDocument, HintsAtVariablesWithoutQuotes) {
  EXPECT_THAT(error_of("a: 1\nk: [${NAME}/b"),
              HasSubstr("; line 2: within {} and [] put ${NAME} in quotes. Environment variables "
                        "are filled in only in paths"));
  for (const char* other : {"k: [\"${NAME}\"", "k: [a # ${NAME}", "k: ${NAME}\nl: ["})
    EXPECT_THAT(error_of(other), ::testing::Not(HasSubstr("in quotes"))) << other;
}

TEST(YamlProgress, RefusesDocumentsWithoutEnd) {
  for (const char* endless : {",", "a: b\n...\n]", "}"})
    EXPECT_THROW(require_yaml_progress(endless), YAML::ParserException) << endless;
  for (const char* sound : {"", "a: b", "a: b\n---\nc: d\n...\n", "[a, b]"})
    EXPECT_NO_THROW(require_yaml_progress(sound)) << sound;
}

TEST(NoteOnVariables, IsThereWhereThereIsAVariable) {
  EXPECT_EQ(note_on_variables("${NAME}"),
            ". Environment variables are filled in only in paths and in the texts of models "
            "(process, url, model, version): write the value, or give an option as a flag or as "
            "DFLARE_NAME");
  EXPECT_EQ(note_on_variables("$NAME {a}"), "");
}

}  // namespace
}  // namespace dflare::config
