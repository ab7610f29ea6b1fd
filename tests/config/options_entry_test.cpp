#include "config/options_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/preset.hpp"
#include "config/yaml.hpp"
#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare::config {
namespace {

using test::Yaml;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string mistakes_of(const std::string& text) {
  Yaml yaml(text);
  Options options;
  read_options(yaml.root(), options);
  return yaml.mistakes();
}

TEST(OptionsEntry, SetsWhatIsGivenAndLeavesTheRest) {
  Yaml yaml("{queries: 7, criterion: regret >= 0.2 and harmful, rotate: none, novelty: false}");
  Options options = Options().rotate(3).batch(5);
  read_options(yaml.root(), options);
  EXPECT_EQ(yaml.mistakes(), "");
  EXPECT_EQ(options.queries(), 7);
  EXPECT_EQ(options.criterion().text(), "regret >= 0.2 and harmful");
  EXPECT_FALSE(options.ranges().rotate);
  EXPECT_FALSE(options.novelty());
  EXPECT_EQ(options.batch(), 5);
}

TEST(OptionsEntry, FoldersAreRelativeToTheFileAndModesAreNone) {
  Yaml yaml("{out: found, corpus: kept}", "/folder/f.yaml");
  Options options;
  read_options(yaml.root(), options);
  EXPECT_EQ(options.out(), "/folder/found");
  EXPECT_EQ(options.corpus(), "/folder/kept");
  Yaml mode("{corpus: replay-only}", "/folder/f.yaml");
  read_options(mode.root(), options);
  EXPECT_EQ(options.corpus(), "/folder/kept");
  EXPECT_EQ(options.corpus_mode(), CorpusMode::replay_only);
  Yaml named_like_a_mode("{corpus: ./both}", "/folder/f.yaml");
  read_options(named_like_a_mode.root(), options);
  EXPECT_EQ(options.corpus(), "/folder/both");
}

TEST(OptionsEntry, MistakesAreNamed) {
  EXPECT_THAT(mistakes_of("{querys: 5}"),
              HasSubstr("f.yaml:1: querys: unknown option 'querys'; did you mean 'queries'?"));
  EXPECT_THAT(mistakes_of("{margin: 0.2}"),
              HasSubstr("it is a condition of the option 'criterion'"));
  EXPECT_EQ(mistakes_of("{queries: many}"),
            "f.yaml:1: queries: option queries: 'many' makes no sense; expected a whole number, "
            "at least 1");
  EXPECT_THAT(mistakes_of("{queries: \"${QUERIES}\"}"),
              HasSubstr("expected a whole number, at least 1. Environment variables are filled in "
                        "only in paths"));
  EXPECT_EQ(mistakes_of("{queries: [5]}"), "f.yaml:1: queries: a list where a value was expected");
  EXPECT_EQ(mistakes_of("{queries: 5, queries: 6}"),
            "f.yaml:1: queries: this key is given twice; keep one of them");
  EXPECT_EQ(mistakes_of("5"), "f.yaml:1: '5' where a map of keys and values was expected");
  EXPECT_EQ(mistakes_of("{queries: 5}"), "");
}

TEST(PresetEntry, SetsWhatItsNameSays) {
  Yaml yaml("{preset: everyday}");
  Options options;
  read_preset(yaml.at("preset"), options);
  EXPECT_EQ(yaml.mistakes(), "");
  EXPECT_EQ(options.queries(), 20);
  EXPECT_EQ(options.criterion().text(), "regret >= 0.2");
}

TEST(PresetEntry, MistakesAreNamed) {
  Yaml yaml("{preset: everday, other: [everyday]}");
  Options options;
  read_preset(yaml.at("preset"), options);
  read_preset(yaml.at("other"), options);
  EXPECT_EQ(yaml.mistakes(),
            "f.yaml:1: preset: unknown preset 'everday'; did you mean 'everyday'? Known: "
            "everyday\n"
            "f.yaml:1: other: a list where the name of a preset was expected");
  EXPECT_EQ(options.queries(), Options().queries());
}

TEST(PresetEntry, ComesFirstWhereverItStands) {
  Yaml yaml("{options: 1, preset: 2, seeds: 3}");
  std::vector<std::string> keys;
  for (const auto& entry : preset_first(yaml.root(), {"options", "preset", "seeds"}))
    keys.push_back(entry.first);
  EXPECT_THAT(keys, ElementsAre("preset", "options", "seeds"));
  EXPECT_TRUE(preset_first(yaml.root(), {"options", "preset"}).size() == 2);
  EXPECT_THAT(yaml.mistakes(), HasSubstr("unknown key 'seeds'"));
}

TEST(ApplyPreset, LeavesWhatItDoesNotCover) {
  Options options = Options().batch(7).l_inf(8).shear(0.3);
  apply_preset("everyday", options);
  EXPECT_EQ(options.batch(), 7);
  EXPECT_EQ(options.constraints().l_inf, 8);
  EXPECT_FALSE(options.ranges().shear);
  EXPECT_EQ(test::message_of<ConfigError>([&] { apply_preset("", options); }),
            "unknown preset ''. Known: everyday");
}

}  // namespace
}  // namespace dflare::config
