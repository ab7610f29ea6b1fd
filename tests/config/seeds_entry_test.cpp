#include "config/seeds_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "config/yaml.hpp"
#include "dflare/error.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::config {
namespace {

using Kind = SeedsSpec::Kind;
using test::Yaml;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

SeedsSpec read(const std::string& text, SeedsSpec spec = {}) {
  Yaml yaml(text, "/f/f.yaml");
  read_seeds(yaml.root(), spec);
  EXPECT_EQ(yaml.mistakes(), "") << text;
  return spec;
}

std::string mistakes_of(const std::string& text) {
  Yaml yaml(text);
  SeedsSpec spec;
  read_seeds(yaml.root(), spec);
  return yaml.mistakes();
}

TEST(SeedsEntry, APathIsOfAnyKind) {
  const SeedsSpec spec = read("images");
  EXPECT_EQ(spec.kind, Kind::any);
  EXPECT_THAT(spec.paths, ElementsAre("/f/images"));
}

TEST(SeedsEntry, EveryKeyIsRead) {
  const SeedsSpec folder = read("{folder: a, classes: true, empty_classes: true, color: grey}");
  EXPECT_EQ(folder.kind, Kind::folder);
  EXPECT_THAT(folder.paths, ElementsAre("/f/a"));
  EXPECT_TRUE(folder.classes);
  EXPECT_TRUE(folder.empty_classes);
  EXPECT_EQ(folder.color, ColorMode::grey);
  const SeedsSpec idx = read("{idx: i.gz, labels: l.gz, color: rgb}");
  EXPECT_EQ(idx.kind, Kind::idx);
  EXPECT_EQ(idx.labels, "/f/l.gz");
  EXPECT_EQ(idx.color, ColorMode::rgb);
  const SeedsSpec cifar = read(
      "{cifar10: [a.bin, b.bin], skip: 0, take: 1, sample: 2, "
      "sample_seed: 9}");
  EXPECT_EQ(cifar.kind, Kind::cifar10);
  EXPECT_THAT(cifar.paths, ElementsAre("/f/a.bin", "/f/b.bin"));
  EXPECT_THAT(cifar.skip, Optional(0U));
  EXPECT_THAT(cifar.take, Optional(1U));
  EXPECT_THAT(cifar.sample, Optional(2U));
  EXPECT_EQ(cifar.sample_seed, 9U);
  EXPECT_THAT(read("{cifar10: a.bin}").paths, ElementsAre("/f/a.bin"));
}

TEST(SeedsEntry, AnotherSourceReplacesTheFormerOne) {
  SeedsSpec before = read("{folder: a, classes: true, color: grey, take: 5}");
  const SeedsSpec same = read("{take: 3}", before);
  EXPECT_TRUE(same.classes);
  EXPECT_THAT(same.take, Optional(3U));
  const SeedsSpec other = read("{idx: i}", before);
  EXPECT_FALSE(other.classes);
  EXPECT_EQ(other.color, ColorMode::as_file);
  EXPECT_THAT(other.take, Optional(5U));
  EXPECT_FALSE(read("b", before).take);
}

TEST(SeedsEntry, MistakesAreNamed) {
  EXPECT_THAT(mistakes_of("{foldr: a}"), HasSubstr("unknown key 'foldr'; did you mean 'folder'?"));
  EXPECT_EQ(mistakes_of("{folder: a, idx: b}"),
            "f.yaml:1: idx: 'folder' is given already; expected one source of seed inputs");
  EXPECT_EQ(mistakes_of("[]"),
            "f.yaml:1: an empty list where a path or a list of paths was expected");
  EXPECT_EQ(mistakes_of("{cifar10: []}"),
            "f.yaml:1: cifar10: an empty list where a path or a list of paths was expected");
  EXPECT_EQ(mistakes_of("{cifar10: [a, [b]]}"),
            "f.yaml:1: cifar10[1]: a list where a path was expected");
  EXPECT_EQ(mistakes_of("{folder: [a]}"), "f.yaml:1: folder: a list where a path was expected");
  EXPECT_EQ(mistakes_of("{folder: a, classes: 1}"),
            "f.yaml:1: classes: '1' makes no sense; expected true or false");
  EXPECT_EQ(mistakes_of("{folder: a, empty_classes: 1}"),
            "f.yaml:1: empty_classes: '1' makes no sense; expected true or false");
  EXPECT_THAT(mistakes_of("{folder: a, color: gray}"),
              HasSubstr("unknown color 'gray'; did you mean 'grey'?"));
  EXPECT_EQ(mistakes_of("{skip: -1}"),
            "f.yaml:1: skip: '-1' makes no sense; expected a whole number, 0 or more");
  for (const char* key : {"take", "sample"})
    EXPECT_EQ(mistakes_of(std::string("{") + key + ": 0}"),
              std::string("f.yaml:1: ") + key +
                  ": '0' makes no sense; expected a whole number, 1 or more");
  EXPECT_EQ(mistakes_of("{sample_seed: x}"),
            "f.yaml:1: sample_seed: 'x' makes no sense; expected a whole number, 0 or more");
}

TEST(SeedsEntry, KeysOfAnotherSourceAreMistakes) {
  EXPECT_EQ(mistakes_of("{folder: a, labels: l}"),
            "f.yaml:1: labels: is for 'idx' only; leave it out, or give 'idx'");
  for (const char* key : {"classes", "empty_classes"})
    EXPECT_EQ(
        mistakes_of(std::string("{idx: a, ") + key + ": true}"),
        std::string("f.yaml:1: ") + key + ": is for 'folder' only; leave it out, or give 'folder'");
}

class OpenedSeeds : public ::testing::Test {
 protected:
  OpenedSeeds() : folder_(test::fresh_folder()) {
    for (const char* name : {"a.png", "b.png", "c.png"})
      write_png(folder_ + "/" + name, test::picture(8, 8, 1, name[0]));
    spec_.kind = Kind::folder;
    spec_.paths = {folder_};
  }

  const std::string folder_;
  SeedsSpec spec_;
  SeedSets sets_;
};

TEST_F(OpenedSeeds, AreThoseThatAreAskedFor) {
  EXPECT_EQ(sets_.open(spec_).size(), 3U);
  spec_.skip = 1;
  EXPECT_EQ(sets_.open(spec_).id(0), "b.png");
  spec_.take = 1;
  EXPECT_EQ(sets_.open(spec_).size(), 1U);
  spec_.skip.reset();
  spec_.take.reset();
  spec_.sample = 2;
  EXPECT_EQ(sets_.open(spec_).size(), 2U);
}

TEST_F(OpenedSeeds, AreReadOnceForAllPairs) {
  sets_.open(spec_);
  boost::filesystem::remove(folder_ + "/a.png");
  EXPECT_EQ(sets_.open(spec_).size(), 3U);
  EXPECT_EQ(SeedSets().open(spec_).size(), 2U);
}

TEST_F(OpenedSeeds, MustBeOneAtLeast) {
  spec_.skip = 3;
  EXPECT_THAT(test::message_of<ConfigError>([&] { sets_.open(spec_); }),
              HasSubstr("no seed input is left: there are 3 "));
  EXPECT_THAT(test::message_of<ConfigError>([&] { sets_.open(spec_); }),
              HasSubstr(", and skip is 3; expected at least one"));
  EXPECT_EQ(test::message_of<ConfigError>([&] { sets_.open({}); }),
            "no source of seed inputs; expected one of folder, idx, cifar10, or just a path");
  spec_.paths = {folder_ + "/none"};
  EXPECT_THROW(sets_.open(spec_), SeedError);
}

}  // namespace
}  // namespace dflare::config
