#include "config/map_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "config/yaml.hpp"

namespace dflare::config {
namespace {

using test::Yaml;
using ::testing::ElementsAre;
using ::testing::Optional;

/// The mistake of reading the key `k` of a file "k: TEXT".
template <class Read>
std::string mistake_of(const std::string& text, Read read) {
  Yaml yaml("k: " + text);
  EXPECT_FALSE(read(yaml.at("k"))) << text;
  return yaml.mistakes();
}

/// What is read there, where there is no mistake.
template <class Read>
auto value_of(const std::string& text, Read read) {
  Yaml yaml("k: " + text);
  auto value = read(yaml.at("k"));
  EXPECT_EQ(yaml.mistakes(), "") << text;
  return value;
}

TEST(Mistakes, AreInTheOrderOfTheFile) {
  Mistakes mistakes("f.yaml");
  EXPECT_EQ(mistakes.count(), 0U);
  EXPECT_EQ(mistakes.text(), "");
  const YAML::Node lines = YAML::Load("[a,\nb,\nc]");
  mistakes.add(lines[2].Mark(), "c", "is wrong");
  mistakes.add(lines[0].Mark(), "", "is wrong too");
  mistakes.add(lines[2].Mark(), "d", "as well");
  EXPECT_EQ(mistakes.count(), 3U);
  EXPECT_EQ(mistakes.text(), "f.yaml:1: is wrong too\nf.yaml:3: c: is wrong\nf.yaml:3: d: as well");
}

TEST(Mistakes, KnowWhatTheyAreIn) {
  Mistakes mistakes("f.yaml");
  mistakes.add({}, "train.loss.focal", "is wrong");
  mistakes.add({}, "pairs[0].name", "is wrong");
  for (const char* key : {"train", "train.loss", "train.loss.focal", "pairs", "pairs[0]"})
    EXPECT_TRUE(mistakes.any_in(key)) << key;
  for (const char* key : {"trai", "train.los", "pairs[0].names", "seeds"})
    EXPECT_FALSE(mistakes.any_in(key)) << key;
}

TEST(Entry, TextIsNotEmpty) {
  const auto text = [](const Entry& entry) { return entry.text(); };
  EXPECT_THAT(value_of("some words", text), Optional(std::string("some words")));
  EXPECT_EQ(mistake_of("''", text), "f.yaml:1: k: '' where a text was expected");
  EXPECT_EQ(mistake_of("", text), "f.yaml:1: k: nothing where a text was expected");
  EXPECT_EQ(mistake_of("[a]", text), "f.yaml:1: k: a list where a text was expected");
  EXPECT_EQ(mistake_of("{a: b}", [](const Entry& entry) { return entry.text("a name"); }),
            "f.yaml:1: k: a map where a name was expected");
}

TEST(Entry, WholeNumbersHaveARange) {
  const auto one_to_three = [](const Entry& entry) { return entry.whole_number(1, 3); };
  const auto any = [](const Entry& entry) { return entry.whole_number(0); };
  EXPECT_THAT(value_of("1", one_to_three), Optional(1));
  EXPECT_THAT(value_of("3", one_to_three), Optional(3));
  EXPECT_THAT(value_of("9223372036854775807", any), Optional(9223372036854775807));
  for (const char* wrong : {"0", "4", "2.0", "two", "1e0"})
    EXPECT_EQ(mistake_of(wrong, one_to_three),
              std::string("f.yaml:1: k: '") + wrong +
                  "' makes no sense; expected a whole number, 1 to 3");
  EXPECT_EQ(mistake_of("9223372036854775808", any),
            "f.yaml:1: k: '9223372036854775808' makes no sense; expected a whole number, 0 or "
            "more");
  EXPECT_EQ(mistake_of("[1]", any),
            "f.yaml:1: k: a list makes no sense; expected a whole number, 0 or more");
}

TEST(Entry, NumbersHaveARange) {
  const auto share = [](const Entry& entry) { return entry.number(0, 1); };
  const auto any = [](const Entry& entry) { return entry.number(0.5); };
  EXPECT_THAT(value_of("0.25", share), Optional(0.25));
  EXPECT_THAT(value_of("1e6", any), Optional(1e6));
  for (const char* wrong : {"1.5", "-0.1", "nan", "half"})
    EXPECT_EQ(mistake_of(wrong, share), std::string("f.yaml:1: k: '") + wrong +
                                            "' makes no sense; expected a number, 0 to 1");
  for (const char* wrong : {"0.4", "inf"})
    EXPECT_EQ(mistake_of(wrong, any), std::string("f.yaml:1: k: '") + wrong +
                                          "' makes no sense; expected a number, 0.5 or more");
}

TEST(Entry, TruthIsOneOfTwoWords) {
  const auto truth = [](const Entry& entry) { return entry.truth(); };
  EXPECT_THAT(value_of("true", truth), Optional(true));
  EXPECT_THAT(value_of("false", truth), Optional(false));
  for (const char* wrong : {"yes", "True", "1"})
    EXPECT_EQ(mistake_of(wrong, truth),
              std::string("f.yaml:1: k: '") + wrong + "' makes no sense; expected true or false");
  EXPECT_EQ(mistake_of("", truth), "f.yaml:1: k: nothing makes no sense; expected true or false");
}

TEST(Entry, ChoicesNameTheNearest) {
  const auto color = [](const Entry& entry) { return entry.choice("color", {"grey", "rgb"}); };
  EXPECT_THAT(value_of("grey", color), Optional(0U));
  EXPECT_THAT(value_of("rgb", color), Optional(1U));
  EXPECT_EQ(mistake_of("gray", color),
            "f.yaml:1: k: unknown color 'gray'; did you mean 'grey'? Known: grey, rgb");
  EXPECT_EQ(mistake_of("[rgb]", color), "f.yaml:1: k: a list where a text was expected");
}

TEST(Entry, NumbersAreOneOrSeveral) {
  const auto numbers = [](const Entry& entry) { return entry.numbers(); };
  EXPECT_THAT(value_of("0.5", numbers), Optional(ElementsAre(0.5F)));
  EXPECT_THAT(value_of("[0.5, 1, 2]", numbers), Optional(ElementsAre(0.5F, 1, 2)));
  for (const char* wrong : {"[]", "[1, x]", "[[1]]", "{a: 1}", "nan", "[inf]", "1e40"}) {
    const std::string mistake = mistake_of(wrong, numbers);
    EXPECT_THAT(mistake,
                ::testing::HasSubstr("makes no sense; expected a number or a list of numbers"))
        << wrong;
  }
}

TEST(Entry, FillsInTheEnvironmentWherePathsAre) {
  ::setenv("DFLARE_TEST_WORD", "word", 1);
  ::unsetenv("DFLARE_TEST_UNSET");
  const auto expanded = [](const Entry& entry) { return entry.expanded("a word"); };
  EXPECT_THAT(value_of("a ${DFLARE_TEST_WORD}", expanded), Optional(std::string("a word")));
  EXPECT_THAT(value_of("${DFLARE_TEST_UNSET:-other}", expanded), Optional(std::string("other")));
  EXPECT_EQ(mistake_of("${DFLARE_TEST_UNSET}", expanded),
            "f.yaml:1: k: '${DFLARE_TEST_UNSET}': the environment variable 'DFLARE_TEST_UNSET' is "
            "not set; set it, or write ${DFLARE_TEST_UNSET:-default}");
  EXPECT_EQ(mistake_of("${OPEN", expanded),
            "f.yaml:1: k: '${OPEN' opens a brace and does not close it; expected ${NAME} or "
            "${NAME:-default}");
  EXPECT_EQ(mistake_of("[a]", expanded), "f.yaml:1: k: a list where a word was expected");
}

TEST(Entry, PathsAreRelativeToTheFile) {
  Yaml yaml("k: ../a/./b.pt\nl: /c.pt\nm: []", "/folder/of/f.yaml");
  EXPECT_EQ(yaml.root().folder(), "/folder/of");
  EXPECT_THAT(yaml.at("k").path(), Optional(std::string("/folder/a/b.pt")));
  EXPECT_THAT(yaml.at("l").path(), Optional(std::string("/c.pt")));
  EXPECT_EQ(yaml.mistakes(), "");
  EXPECT_FALSE(yaml.at("m").path());
  EXPECT_EQ(yaml.mistakes(), "/folder/of/f.yaml:3: m: a list where a path was expected");
}

TEST(Entry, ItemsHaveTheirPlaceInTheirName) {
  Yaml yaml("k:\n- a\n- b\nl: a");
  const std::vector<Entry> items = yaml.at("k").items();
  ASSERT_EQ(items.size(), 2U);
  items[1].mistake("is wrong");
  EXPECT_TRUE(yaml.at("l").items().empty());
  EXPECT_EQ(yaml.mistakes(),
            "f.yaml:3: k[1]: is wrong\nf.yaml:4: l: 'a' where a list was expected");
}

TEST(Entry, EntriesAreOfKnownKeysEachOnce) {
  Yaml yaml("a: 1\nbb: 2\na: 3\nc: 4");
  std::vector<std::string> keys;
  for (const auto& [name, entry] : yaml.root().entries({"a", "b", "c"}))
    keys.push_back(name + "=" + *entry.text());
  EXPECT_THAT(keys, ElementsAre("a=1", "c=4"));
  EXPECT_EQ(yaml.mistakes(),
            "f.yaml:2: bb: unknown key 'bb'. Known: a, b, c\n"
            "f.yaml:3: a: this key is given twice; keep one of them");
}

TEST(Entry, EntriesMayBeOfAnyKey) {
  Yaml yaml("k: {a: 1, z: 2}\nl: 3");
  EXPECT_EQ(yaml.at("k").entries({}).size(), 2U);
  EXPECT_EQ(yaml.mistakes(), "");
  EXPECT_TRUE(yaml.at("l").entries({}).empty());
  EXPECT_EQ(yaml.mistakes(), "f.yaml:2: l: '3' where a map of keys and values was expected");
}

TEST(Entry, MergeKeysAreNotRead) {
  Yaml yaml("k: {<<: {a: 1}}");
  EXPECT_TRUE(yaml.at("k").entries({"a"}).empty());
  EXPECT_EQ(yaml.mistakes(),
            "f.yaml:1: k.<<: merge keys are not read: use defaults, in a manifest, or write the "
            "keys out");
}

TEST(Entry, FindsWhatMayBeMissing) {
  Yaml yaml("k: {a: 1}");
  EXPECT_EQ(yaml.at("k").find("a")->key(), "k.a");
  EXPECT_FALSE(yaml.at("k").find("b"));
  EXPECT_FALSE(yaml.at("k").find("a")->find("b"));
  EXPECT_EQ(yaml.mistakes(), "");
}

}  // namespace
}  // namespace dflare::config
