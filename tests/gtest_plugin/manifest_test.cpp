#include "runner/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <fstream>

#include "config/preset.hpp"
#include "dflare/error.hpp"
#include "program/environment.hpp"
#include "support/images.hpp"

namespace {

using dflare::ConfigError;
using dflare::gtest::Manifest;
using dflare::gtest::read_manifest;
using ::testing::HasSubstr;
using ::testing::Not;

class ManifestTest : public ::testing::Test {
 protected:
  ManifestTest() : folder_(dflare::test::fresh_folder()) {
    for (const char* model : {"a.pt", "b.pt"}) std::ofstream(folder_ + "/" + model) << "a model";
    for (int i = 0; i < 5; ++i) {
      dflare::write_png(folder_ + "/image_" + std::to_string(i) + ".png",
                        dflare::test::picture(8, 8, 1, i));
    }
    ::unsetenv("DFLARE_TEST_NAME");
  }

  Manifest read(const std::string& text) {
    std::ofstream(file()) << text;
    return read_manifest(file());
  }

  std::string error_of(const std::string& text) {
    try {
      read(text);
    } catch (const ConfigError& e) {
      return e.what();
    }
    return "no error";
  }

  /// A manifest of one pair; `extra` are more lines of it.
  static std::string one_pair(const std::string& extra = "",
                              const std::string& seeds = "seeds: .") {
    return "dflare: 1\npairs:\n  - name: P\n    original: a.pt\n    compressed: b.pt\n    " +
           seeds + "\n    " + extra + "\n";
  }

  std::string file() const { return folder_ + "/m.yaml"; }
  std::string folder_;
};

TEST_F(ManifestTest, TheLeastIsNamesModelsAndSeeds) {
  const Manifest manifest = read(one_pair());
  ASSERT_EQ(manifest.pairs.size(), 1U);
  const auto& pair = manifest.pairs[0];
  EXPECT_EQ(pair.name, "P");
  EXPECT_EQ(pair.line, 3);
  EXPECT_EQ(pair.original.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(pair.compressed.source.path(), folder_ + "/b.pt");
  EXPECT_EQ(pair.seeds.size(), 5U);
  EXPECT_EQ(pair.expectation.name(), "no_deviation");
}

TEST_F(ManifestTest, EverythingCanBeSaid) {
  const Manifest manifest = read(R"(
dflare: 1
pairs:
  - name: P
    original: {file: a.pt, device: "cuda:1", input: {size: 32, resize: true}}
    compressed: {file: b.pt, engine: qnnpack}
    input: {channels: 3, size: [28, 30], mean: [0.1, 0.2, 0.3], std: 0.5, range: [-1, 1], layout: nhwc, output: probabilities}
    seeds: {folder: ., color: rgb, skip: 1, take: 3, sample: 2, sample_seed: 9}
    options: {strategy: random, queries: 7, workers: 2, out: findings}
    expect: {deviation_rate_le: 0.03}
)");
  const auto& pair = manifest.pairs.at(0);
  EXPECT_EQ(pair.original.load.device, "cuda:1");
  EXPECT_EQ(pair.original.load.input.size, (dflare::ImageSize{32, 32}));
  EXPECT_TRUE(pair.original.load.input.resize);
  EXPECT_EQ(pair.compressed.load.engine, "qnnpack");
  const dflare::InputSpec& input = pair.compressed.load.input;
  EXPECT_EQ(input.size, (dflare::ImageSize{28, 30}));
  EXPECT_FALSE(input.resize);
  EXPECT_EQ(input.channels, 3);
  EXPECT_EQ(input.mean, (std::vector<float>{0.1F, 0.2F, 0.3F}));
  EXPECT_EQ(input.stddev, (std::vector<float>{0.5F}));
  EXPECT_EQ(input.low, -1);
  EXPECT_EQ(input.high, 1);
  EXPECT_EQ(input.layout, dflare::Layout::nhwc);
  EXPECT_EQ(input.output, dflare::Output::probabilities);
  EXPECT_EQ(pair.seeds.size(), 2U);
  EXPECT_NE(pair.seeds.id(0), "image_0.png");
  EXPECT_EQ(pair.seeds.load(0).image.channels(), 3);
  EXPECT_EQ(pair.options.strategy(), "random");
  EXPECT_EQ(pair.options.queries(), 7);
  EXPECT_EQ(pair.options.out(), folder_ + "/findings");
  EXPECT_EQ(pair.expectation.name(), "deviation_rate_le");
  EXPECT_EQ(pair.expectation.bound(), 0.03);
}

TEST_F(ManifestTest, DefaultsAreMergedKeyByKey) {
  const Manifest manifest = read(R"(
dflare: 1
defaults:
  options: {queries: 5, batch: 16}
  input: {channels: 1, mean: 0.5}
  seeds: {folder: ., take: 2}
  expect: {deviation_rate_le: 0.5}
pairs:
  - {name: A, original: a.pt, compressed: b.pt}
  - {name: B, original: a.pt, compressed: b.pt, options: {queries: 6}, input: {mean: 0.25}, seeds: {take: 3}, expect: no_deviation}
)");
  const auto &a = manifest.pairs.at(0), &b = manifest.pairs.at(1);
  EXPECT_EQ(a.options.queries(), 5);
  EXPECT_EQ(a.seeds.size(), 2U);
  EXPECT_EQ(a.expectation.name(), "deviation_rate_le");
  EXPECT_EQ(a.expectation.bound(), 0.5);
  EXPECT_EQ(b.options.queries(), 6);
  EXPECT_EQ(b.options.batch(), 16);
  EXPECT_EQ(b.original.load.input.channels, 1);
  EXPECT_EQ(b.original.load.input.mean, (std::vector<float>{0.25F}));
  EXPECT_EQ(b.seeds.size(), 3U);
  EXPECT_EQ(b.expectation.name(), "no_deviation");
}

TEST_F(ManifestTest, AnExpectationSetsItsObjectiveAndReplacesTheDefault) {
  const Manifest manifest = read(R"(
dflare: 1
defaults: {seeds: ., expect: {worst_deviation_le: 0.2}}
pairs:
  - {name: A, original: a.pt, compressed: b.pt}
  - {name: B, original: a.pt, compressed: b.pt, expect: {closest_deviation_ge: 300.5}}
  - {name: C, original: a.pt, compressed: b.pt, expect: no_deviation}
)");
  const auto &a = manifest.pairs.at(0), &b = manifest.pairs.at(1), &c = manifest.pairs.at(2);
  EXPECT_EQ(a.expectation.name(), "worst_deviation_le");
  EXPECT_EQ(a.expectation.bound(), 0.2);
  EXPECT_EQ(a.options.objective(), dflare::Objective::worst);
  EXPECT_EQ(b.expectation.name(), "closest_deviation_ge");
  EXPECT_EQ(b.expectation.bound(), 300.5);
  EXPECT_EQ(b.options.objective(), dflare::Objective::closest);
  EXPECT_EQ(c.expectation.name(), "no_deviation");
  EXPECT_EQ(c.options.objective(), dflare::Objective::first);
}

TEST_F(ManifestTest, ABoundOnTheWorstIsOfTheMarginWhereTheCriterionSpeaksOfIt) {
  const Manifest manifest = read(R"(
dflare: 1
defaults: {seeds: ., expect: {worst_deviation_le: 0.2}}
pairs:
  - {name: A, original: a.pt, compressed: b.pt, options: {criterion: margin >= 0.1}}
  - {name: B, original: a.pt, compressed: b.pt, options: {criterion: regret >= 0.1}}
)");
  const auto &a = manifest.pairs.at(0), &b = manifest.pairs.at(1);
  EXPECT_EQ(a.expectation.text(a.options), "no deviation of a margin above 0.2");
  EXPECT_EQ(b.expectation.text(b.options), "no deviation of a regret above 0.2");
}

TEST_F(ManifestTest, APresetComesBeforeTheOptionsWhereverItStands) {
  for (const char* lines : {"preset: everyday\n    options: {queries: 50}",
                            "options: {queries: 50}\n    preset: everyday"}) {
    const dflare::Options options = read(one_pair(lines)).pairs.at(0).options;
    EXPECT_EQ(options.queries(), 50) << lines;
    EXPECT_EQ(options.criterion().text(), "regret >= 0.2") << lines;
    EXPECT_EQ(options.ranges().rotate, 10) << lines;
  }
  const Manifest manifest = read(R"(
dflare: 1
defaults: {seeds: ., options: {rotate: 5}, preset: everyday}
pairs: [{name: A, original: a.pt, compressed: b.pt}]
)");
  EXPECT_EQ(manifest.pairs.at(0).options.ranges().rotate, 5);
  EXPECT_EQ(manifest.pairs.at(0).options.ranges().scale, 1.1);
}

TEST_F(ManifestTest, APairsPresetReplacesWhatItCoversOfTheDefaults) {
  const Manifest manifest = read(R"(
dflare: 1
defaults: {seeds: ., options: {strategy: dflare, queries: 7, criterion: top_k = 3, l_inf: 8, batch: 16}}
pairs: [{name: A, original: a.pt, compressed: b.pt, preset: everyday}]
)");
  const dflare::Options& options = manifest.pairs.at(0).options;
  EXPECT_EQ(options.strategy(), "boundary");
  EXPECT_EQ(options.queries(), 20);
  EXPECT_EQ(options.criterion().text(), "regret >= 0.2");
  EXPECT_EQ(options.batch(), 16);
  EXPECT_EQ(options.constraints().l_inf, 8);
}

TEST(Preset, SetsEverythingThatTheFunctionOfItsNameDoes) {
  dflare::Options options;
  dflare::config::apply_preset("everyday", options);
  for (const dflare::OptionRow& row : dflare::options_table())
    EXPECT_EQ(row.get(options), row.get(dflare::everyday())) << row.name;
}

TEST(Preset, LeavesNoOtherRangeInForce) {
  dflare::Options options = dflare::Options().shear(0.3);
  dflare::config::apply_preset("everyday", options);
  EXPECT_FALSE(options.ranges().shear);
}

TEST_F(ManifestTest, OneDocumentMayHaveMarkersAroundIt) {
  EXPECT_EQ(read("%YAML 1.2\n---\n" + one_pair("") + "...\n").pairs.size(), 1U);
  EXPECT_EQ(read("---\n---\n" + one_pair("") + "---\n# nothing more\n").pairs.size(), 1U);
}

TEST_F(ManifestTest, QuotedVariablesInAMapAreFilledInWhereTheyArePaths) {
  ::setenv("DFLARE_TEST_NAME", folder_.c_str(), 1);
  const std::string seeds = "seeds: {folder: \"${DFLARE_TEST_NAME}\", take: 2}";
  EXPECT_EQ(read(one_pair("", seeds)).pairs.at(0).seeds.size(), 2U);
  // The mistake is another one.
  EXPECT_THAT(error_of(one_pair("", seeds) + "    options: {queries: 5\n"),
              ::testing::AllOf(HasSubstr("this is no YAML"), Not(HasSubstr("in quotes"))));
}

TEST_F(ManifestTest, ColorsAreForEveryKindOfSeeds) {
  const std::string idx("\0\0\x08\x03\0\0\0\1\0\0\0\2\0\0\0\3abcdef", 22);
  std::ofstream(folder_ + "/images.idx") << idx;
  std::ofstream(folder_ + "/batch.bin") << std::string(3073, '\1');
  const auto channels = [this](const std::string& seeds) {
    return read(one_pair("", "seeds: " + seeds)).pairs.at(0).seeds.load(0).image.channels();
  };
  EXPECT_EQ(channels("{idx: images.idx}"), 1);
  EXPECT_EQ(channels("{idx: images.idx, color: rgb}"), 3);
  EXPECT_EQ(channels("{cifar10: batch.bin}"), 3);
  EXPECT_EQ(channels("{cifar10: batch.bin, color: grey}"), 1);
  EXPECT_EQ(channels("{folder: ., color: rgb}"), 3);
}

TEST_F(ManifestTest, SeedsSayWhatIsLeftOutAndNotThere) {
  const auto remarks = [this](const std::string& seeds) {
    return read(one_pair("", "seeds: " + seeds)).pairs.at(0).seeds.remarks();
  };
  EXPECT_THAT(remarks("{folder: ., skip: 2, take: 500}"),
              ::testing::ElementsAre("3 files of other kinds (.pt 2, .yaml 1) are left out",
                                     "take 500: there are 3"));
  EXPECT_THAT(remarks("{folder: ., sample: 6}"), ::testing::Contains("sample 6: there are 5"));
}

TEST_F(ManifestTest, EmptyClassesHaveToBeAllowed) {
  boost::filesystem::create_directories(folder_ + "/classes/a");
  boost::filesystem::create_directories(folder_ + "/classes/b");
  dflare::write_png(folder_ + "/classes/b/1.png", dflare::test::picture(8, 8, 1));
  EXPECT_THAT(error_of(one_pair("", "seeds: {folder: classes, classes: true}")),
              HasSubstr("'a' holds no PNG"));
  const Manifest manifest =
      read(one_pair("", "seeds: {folder: classes, classes: true, empty_classes: true}"));
  EXPECT_EQ(manifest.pairs.at(0).seeds.label(0), 1);
}

TEST_F(ManifestTest, PathsMayNameTheEnvironment) {
  ::setenv("DFLARE_TEST_NAME", folder_.c_str(), 1);
  const Manifest manifest = read(R"(
dflare: 1
pairs: [{name: P, original: "${DFLARE_TEST_NAME}/a.pt", compressed: "${DFLARE_TEST_OTHER:-b}.pt", seeds: .}]
)");
  EXPECT_EQ(manifest.pairs.at(0).original.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(manifest.pairs.at(0).compressed.source.path(), folder_ + "/b.pt");
}

struct Mistake {
  std::string name, manifest, expected;
};
std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.name;
}

class ManifestMistakes : public ManifestTest, public ::testing::WithParamInterface<Mistake> {
 public:
  static std::vector<Mistake> all() {
    const auto pair = [](const std::string& extra) { return one_pair(extra); };
    const auto seeds = [](const std::string& text) { return one_pair("", text); };
    return {
        {"Syntax", "dflare: 1\npairs: [\n", ":3: this is no YAML: "},
        {"SecondDocument", pair("") + "---\npairs: []\n",
         ":9: a second YAML document begins here (after '---', '...' or the end of the first); a "
         "manifest is one document"},
        {"SecondDocumentAfterAnEnd", pair("") + "...\nmore: 1\n", ":9: a second YAML document"},
        {"NoYamlFromTheFirstLetterOn", ", size: 1\n", ":1: this is no YAML: nothing can begin"},
        {"NoYamlBehindADocument", pair("") + "...\n, b\n", ": this is no YAML: nothing can begin"},
        {"NoYamlAfterAnEnd", pair("") + "...\nmore: [\n", ": this is no YAML: "},
        {"VariableInAMap", seeds("seeds: {folder: ., take: ${N}}"),
         "line 6: within {} and [] put ${N} in quotes. Environment variables are filled in only in "
         "paths"},
        {"VariableAsANumber", seeds("seeds: {folder: ., take: \"${N}\"}"),
         ":6: pairs[0].seeds.take: '${N}' makes no sense; expected a whole number, 1 or more. "
         "Environment variables are filled in only in paths"},
        {"VariableAsATruth", seeds("seeds: {folder: ., classes: \"${N}\"}"),
         "'${N}' makes no sense; expected true or false. Environment variables"},
        {"VariableAsAWord", seeds("seeds: {folder: ., color: \"${N}\"}"),
         "unknown color '${N}'. Known: grey, rgb, as_file. Environment variables"},
        {"VariableAsAnOption", pair("options:\n      queries: ${N}"),
         "pairs[0].options.queries: option queries: '${N}' makes no sense; expected a whole "
         "number, at least 1. Environment variables"},
        {"MergeKey", "dflare: 1\npairs:\n  - {<<: {name: P}, original: a.pt}\n",
         ":3: pairs[0].<<: merge keys are not read: use defaults"},
        {"Empty", "", ":1: nothing where a map of keys and values was expected"},
        {"AList", "- 1\n", ":1: a list where a map"},
        {"NoVersion", "pairs: []\n", ":1: the key 'dflare' is missing; expected 'dflare: 1'"},
        {"OtherVersion", "dflare: 2\npairs: []\n",
         ":1: dflare: '2' makes no sense; expected a whole number, 1 to 1"},
        {"NoPairs", "dflare: 1\n", ":1: the key 'pairs' is missing"},
        {"EmptyPairs", "dflare: 1\npairs: []\n",
         ":2: pairs: an empty list; expected at least one pair"},
        {"PairsAreNoList", "dflare: 1\npairs: 5\n", ":2: pairs: '5' where a list was expected"},
        {"PairIsNoMap", "dflare: 1\npairs:\n  - 5\n", ":3: pairs[0]: '5' where a map"},
        {"UnknownTopKey", "dflare: 1\npair: []\n",
         ":2: pair: unknown key 'pair'; did you mean 'pairs'?"},
        {"UnknownDefault", "dflare: 1\ndefaults: {option: {}}\n",
         ":2: defaults.option: unknown key 'option'; did you mean 'options'?"},
        {"UnknownPairKey", pair("expects: no_deviation"),
         ":7: pairs[0].expects: unknown key 'expects'; did you mean 'expect'?"},
        {"KeyTwice", pair("original: b.pt"), ":7: pairs[0].original: this key is given twice"},
        {"NoModel", "dflare: 1\npairs:\n  - {name: P, original: a.pt, seeds: .}\n",
         ":3: pairs[0]: the key 'compressed' is missing"},
        {"NoName", "dflare: 1\npairs:\n  - {original: a.pt, compressed: b.pt, seeds: .}\n",
         ":3: pairs[0]: the key 'name' is missing"},
        {"NoSeeds", "dflare: 1\npairs:\n  - {name: P, original: a.pt, compressed: b.pt}\n",
         ":3: pairs[0]: the key 'seeds' is missing, here and in defaults"},
        {"NameNoSuite",
         "dflare: 1\npairs:\n  - {name: a-b, original: a.pt, compressed: b.pt, seeds: .}\n",
         ":3: pairs[0].name: 'a-b' cannot be the name of a GoogleTest suite"},
        {"NameTwice",
         "dflare: 1\npairs:\n  - {name: P, original: a.pt, compressed: b.pt, seeds: .}\n  - {name: "
         "P, original: a.pt, compressed: b.pt, seeds: .}\n",
         ":4: pairs[1].name: 'P' is the name of another pair (line 3)"},
        {"MissingModel",
         "dflare: 1\npairs:\n  - {name: P, original: c.pt, compressed: b.pt, seeds: .}\n",
         "/c.pt'; expected a model file"},
        {"ModelIsAFolder",
         "dflare: 1\npairs:\n  - {name: P, original: ., compressed: b.pt, seeds: .}\n",
         "' is a folder; expected a model file"},
        {"ModelWithoutFile",
         "dflare: 1\npairs:\n  - {name: P, original: {device: cpu}, compressed: b.pt, seeds: .}\n",
         ":3: pairs[0].original: the key 'file' is missing"},
        {"UnknownModelKey",
         "dflare: 1\npairs:\n  - {name: P, original: {file: a.pt, engin: x}, compressed: b.pt, "
         "seeds: .}\n",
         "pairs[0].original.engin: unknown key 'engin'; did you mean 'engine'?"},
        {"UnsetVariable",
         "dflare: 1\npairs:\n  - {name: P, original: \"${DFLARE_TEST_NAME}/a.pt\", compressed: "
         "b.pt, seeds: .}\n",
         ":3: pairs[0].original: '${DFLARE_TEST_NAME}/a.pt': the environment variable "
         "'DFLARE_TEST_NAME' is not set"},
        {"OpenBrace",
         "dflare: 1\npairs:\n  - {name: P, original: \"${A\", compressed: b.pt, seeds: .}\n",
         "opens a brace and does not close it"},
        {"MissingSeeds", seeds("seeds: nowhere"), ":6: pairs[0].seeds: "},
        {"TwoSources", seeds("seeds: {folder: ., idx: x}"),
         ":6: pairs[0].seeds.idx: 'folder' is given already"},
        {"NoSource", seeds("seeds: {take: 5}"),
         ":6: pairs[0].seeds: no source of seed inputs; expected one of folder, idx, cifar10"},
        {"NoSeedLeft", seeds("seeds: {folder: ., skip: 5}"),
         ":6: pairs[0].seeds: no seed input is left: there are 5 "},
        {"TakeNothing", seeds("seeds: {folder: ., take: 0}"),
         ":6: pairs[0].seeds.take: '0' makes no sense; expected a whole number, 1 or more"},
        {"TakeMany", seeds("seeds: {folder: ., take: many}"),
         ":6: pairs[0].seeds.take: 'many' makes no sense"},
        {"LabelsOfAFolder", seeds("seeds: {folder: ., labels: a.pt}"),
         ":6: pairs[0].seeds.labels: is for 'idx' only"},
        {"EmptyClassesOfAnIdx", seeds("seeds: {idx: a.pt, empty_classes: true}"),
         ":6: pairs[0].seeds.empty_classes: is for 'folder' only"},
        {"MeanOfGreyLevels", pair("input: {mean: 123.7}"),
         ":7: pairs[0].input: input mean: 123.7 lies outside 0 to 1, the range of the values"},
        {"BadColor", seeds("seeds: {folder: ., color: gray}"),
         ":6: pairs[0].seeds.color: unknown color 'gray'; did you mean 'grey'?"},
        {"BadTruth", seeds("seeds: {folder: ., classes: perhaps}"),
         ":6: pairs[0].seeds.classes: 'perhaps' makes no sense; expected true or false"},
        {"EmptyCifar", seeds("seeds: {cifar10: []}"), ":6: pairs[0].seeds.cifar10: an empty list"},
        {"UnknownOption", pair("options: {queires: 5}"),
         ":7: pairs[0].options.queires: unknown option 'queires'; did you mean 'queries'?"},
        {"BadOption", pair("options: {queries: many}"),
         ":7: pairs[0].options.queries: option queries: 'many' makes no sense"},
        {"BadOptionValue", pair("options: {queries: 0}"),
         ":7: pairs[0].options: option queries: 0 is too small"},
        {"OptionIsAList", pair("options: {queries: [5]}"),
         ":7: pairs[0].options.queries: a list where a value was expected"},
        {"BadStrategy", pair("options: {strategy: dflar}"),
         ":7: pairs[0].options: unknown strategy 'dflar'; did you mean 'dflare'?"},
        {"BadChannels", pair("input: {channels: 4}"),
         ":7: pairs[0].input.channels: '4' makes no sense; expected a whole number, 1 to 3"},
        {"TwoChannels", pair("input: {channels: 2}"), ":7: pairs[0].input: input channels: 2"},
        {"BadSize", pair("input: {size: [28]}"),
         ":7: pairs[0].input.size: a list of 1 where [height, width] was expected"},
        {"BadMean", pair("input: {mean: [a]}"),
         ":7: pairs[0].input.mean: a list makes no sense; expected a number or a list of numbers"},
        {"BadStd", pair("input: {std: 0}"), ":7: pairs[0].input: input stddev: 0"},
        {"BadRange", pair("input: {range: [1]}"),
         ":7: pairs[0].input.range: 1 number(s) where [low, high] was expected"},
        {"BadLayout", pair("input: {layout: nchv}"),
         ":7: pairs[0].input.layout: unknown layout 'nchv'; did you mean 'nchw'?"},
        {"BadOutput", pair("input: {output: logit}"),
         ":7: pairs[0].input.output: unknown output 'logit'; did you mean 'logits'?"},
        {"BadExpectation", pair("expect: none"),
         ":7: pairs[0].expect: 'none' is no expectation; expected no_deviation, "
         "{deviation_rate_le: 0.03}, {worst_deviation_le: 0.2} or {closest_deviation_ge: 100}"},
        {"TwoExpectations", pair("expect: {deviation_rate_le: 0.1, worst_deviation_le: 0.2}"),
         ":7: pairs[0].expect: 2 expectations; expected one of deviation_rate_le"},
        {"NoExpectation", pair("expect: {}"),
         ":7: pairs[0].expect: 0 expectations; expected one of deviation_rate_le"},
        {"UnknownExpectation", pair("expect: {worst_deviation_lt: 0.2}"),
         ":7: pairs[0].expect.worst_deviation_lt: unknown key 'worst_deviation_lt'; did you mean "
         "'worst_deviation_le'?"},
        {"BadRegret", pair("expect: {worst_deviation_le: 1.5}"),
         ":7: pairs[0].expect.worst_deviation_le: '1.5' makes no sense; expected a number, 0 to 1"},
        {"BadDistance", pair("expect: {closest_deviation_ge: -3}"),
         ":7: pairs[0].expect.closest_deviation_ge: '-3' makes no sense; expected a number, 0 or "
         "more"},
        {"EndlessDistance", pair("expect: {closest_deviation_ge: inf}"),
         ":7: pairs[0].expect.closest_deviation_ge: 'inf' makes no sense"},
        {"OtherObjective",
         pair("expect: {worst_deviation_le: 0.2}\n    options: {objective: closest}"),
         ":7: pairs[0].expect: option objective: closest does not go with the expectation of no "
         "deviation of a regret above 0.2"},
        {"OptionsThatDoNotGoTogether", pair("options: {strategy: dflare, rotate: 5}"),
         ":7: pairs[0].options: option rotate limits transformations"},
        {"UnknownPreset", pair("preset: everday"),
         ":7: pairs[0].preset: unknown preset 'everday'; did you mean 'everyday'?"},
        {"PresetIsAList", pair("preset: [everyday]"),
         ":7: pairs[0].preset: a list where the name of a preset was expected"},
        {"BadRate", pair("expect: {deviation_rate_le: 3}"),
         ":7: pairs[0].expect.deviation_rate_le: '3' makes no sense; expected a number, 0 to 1"},
    };
  }
};

TEST_P(ManifestMistakes, AreErrorsThatNameTheirPlace) {
  EXPECT_THAT(error_of(GetParam().manifest), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(All, ManifestMistakes, ::testing::ValuesIn(ManifestMistakes::all()),
                         [](const auto& mistake) { return mistake.param.name; });

TEST_F(ManifestTest, AllMistakesAreListed) {
  const std::string text = error_of(
      "dflare: 2\ndefaults: {x: 1}\npairs:\n  - {name: P, original: c.pt, compressed: d.pt, seeds: "
      "e}\n");
  EXPECT_THAT(text, HasSubstr("5 mistakes in the manifest\n" + file() + ":1: dflare: "));
  for (const char* part : {"m.yaml:2: defaults.x", "m.yaml:4: pairs[0].original: ",
                           "m.yaml:4: pairs[0].compressed: ", "m.yaml:4: pairs[0].seeds: "}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST_F(ManifestTest, AMissingFileIsNamed) {
  try {
    read_manifest(folder_ + "/none.yaml");
    FAIL() << "no error";
  } catch (const ConfigError& e) {
    EXPECT_THAT(e.what(), HasSubstr("/none.yaml: cannot be read; expected a manifest"));
  }
}

TEST(Environment, ADefaultStandsInForWhatIsUnsetOrEmpty) {
  ::setenv("DFLARE_TEST_SET", "x", 1);
  ::setenv("DFLARE_TEST_EMPTY", "", 1);
  using dflare::expand_environment;
  EXPECT_EQ(expand_environment("a/${DFLARE_TEST_SET}/${DFLARE_TEST_SET:-y}"), "a/x/x");
  EXPECT_EQ(expand_environment("${DFLARE_TEST_EMPTY:-y}${DFLARE_TEST_NONE:-}"), "y");
  EXPECT_EQ(expand_environment("$5 {a}"), "$5 {a}");
  EXPECT_THROW(expand_environment("${}"), ConfigError);
}

}  // namespace
