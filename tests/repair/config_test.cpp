#include "tool/config.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>

#include "dflare/image.hpp"
#include "dflare/repair.hpp"
#include "setup/settings_rows.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "tool/config_template.hpp"

namespace {

namespace fs = boost::filesystem;
using dflare::ConfigError;
using dflare::repair::config_template;
using dflare::repair::Overrides;
using dflare::repair::read_config;
using dflare::repair::Settings;
using ::testing::HasSubstr;
using ::testing::Not;

// Keys without which nothing goes, one a line: `more` starts at line 7.
const char* const least =
    "dflare_repair: 1\noriginal: a.pt\ncompressed: b.pt\nseeds: training\nunseen: unseen\nout: "
    "out\n";

class RepairConfig : public ::testing::Test {
 public:
  RepairConfig() : folder_(dflare::test::fresh_folder()) {
    for (const char* name : {"a.pt", "b.pt", "original.pt", "compressed.pt"})
      dflare::write_file(folder_ + "/" + name, "no model");
    images("training", 4);
    images("unseen", 3);
    images("test", 2);
    fs::create_directory(folder_ + "/findings");
  }

  void images(const std::string& name, int count) {
    fs::create_directory(folder_ + "/" + name);
    for (int i = 0; i < count; ++i) {
      dflare::write_png(fmt::format("{}/{}/{}.png", folder_, name, i),
                        dflare::test::picture(8, 8, 1, i));
    }
  }

  Settings read(const std::string& text, const Overrides& overrides = {}) {
    dflare::write_file(file(), text);
    return read_config(file(), overrides);
  }
  std::string error_of(const std::string& text) {
    return dflare::test::message_of<ConfigError>([&] { read(text); });
  }

  std::string file() const { return folder_ + "/r.yaml"; }
  std::string folder_;
};

TEST_F(RepairConfig, TheLeastLeavesAllDefaults) {
  const Settings settings = read(least);
  EXPECT_EQ(settings.original.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(settings.compressed.source.path(), folder_ + "/b.pt");
  EXPECT_EQ(settings.training.size(), 4U);
  EXPECT_EQ(settings.unseen.size(), 3U);
  EXPECT_EQ(settings.out, folder_ + "/out");
  EXPECT_FALSE(settings.test);
  EXPECT_EQ(settings.corpus, "");
  EXPECT_EQ(settings.repaired, "");
  for (const auto& row : dflare::repair::settings_table())
    EXPECT_EQ(row.get(settings), row.get(Settings())) << row.name;
}

TEST_F(RepairConfig, TheOriginalMayBeAnything) {
  const std::string process =
      boost::replace_all_copy(std::string(least), "original: a.pt", "original: {process: [serve]}");
  EXPECT_EQ(read(process).original.source.command()->words, std::vector<std::string>{"serve"});
}

TEST_F(RepairConfig, EverythingCanBeSaid) {
  ::setenv("DFLARE_TEST_NAME", "a", 1);
  const Settings settings = read(R"(
dflare_repair: 1
original: {file: "${DFLARE_TEST_NAME}.pt", input: {size: 32, resize: true}}
compressed: {file: b.pt, engine: qnnpack, device: cpu}
seeds: {folder: training, skip: 1}
unseen: {folder: unseen, take: 2}
test: {folder: test}
corpus: findings
search: {queries: 7, objective: first, strategy: random}
kind: {approach: corrector, zeros: keep, grid: free}
train:
  rounds: 5
  patience: 3
  steps: 6
  epochs: 1.5
  batch: 16
  learning_rate: 0.01
  round_decay: 0.9
  optimiser: sgd
  momentum: 0.8
  weight_decay: 0.0001
  loss: {divergence: 2, logits: 0.1, temperature: 3, focal: 4, label: 0.5}
  mix: {clean: 0.1, blends: 0.2, transformations: 0.3, mutants: 0.4, findings: 0.5}
  validation: 0.25
  min_gain: 0.02
  batch_norm: train
  rng_seed: 9
retest: {first_queries: 1, worst_queries: 2, everyday_queries: 3, dflare_queries: 0}
gates: {min_repaired: 0.6, min_repaired_first: 0.1, max_accuracy_drop: 0.01, min_agreement: 0.9, max_worst_regret: 0.7, max_worst_margin: 0.8}
out: o
repaired: b.pt
overwrite_input: true
workers: 3
input: {channels: 1, mean: 0.5}
)");
  using namespace dflare::repair;
  EXPECT_EQ(settings.original.source.path(), folder_ + "/a.pt");
  EXPECT_EQ(settings.original.load.input.size, (dflare::ImageSize{32, 32}));
  EXPECT_EQ(settings.original.load.input.channels, 1) << "wherever input stands";
  EXPECT_EQ(settings.compressed.load.engine, "qnnpack");
  EXPECT_EQ(settings.compressed.load.input.mean, (std::vector<float>{0.5F}));
  EXPECT_EQ(settings.training.size(), 3U);
  EXPECT_EQ(settings.unseen.size(), 2U);
  ASSERT_TRUE(settings.test);
  EXPECT_EQ(settings.test->size(), 2U);
  EXPECT_EQ(settings.corpus, folder_ + "/findings");
  EXPECT_EQ(settings.search.queries(), 7);
  EXPECT_EQ(settings.search.objective(), dflare::Objective::first);
  EXPECT_EQ(settings.search.strategy(), "random");
  EXPECT_EQ(settings.kind.approach, Approach::corrector);
  EXPECT_EQ(settings.kind.zeros, Keep::always);
  EXPECT_EQ(settings.kind.grid, Keep::never);
  const Training& train = settings.train;
  EXPECT_EQ(train.rounds, 5);
  EXPECT_EQ(train.patience, 3);
  EXPECT_EQ(train.steps, 6);
  EXPECT_EQ(train.epochs, 1.5);
  EXPECT_EQ(train.batch, 16);
  EXPECT_EQ(train.learning_rate, 0.01);
  EXPECT_EQ(train.round_decay, 0.9);
  EXPECT_EQ(train.optimiser, Optimiser::sgd);
  EXPECT_EQ(train.momentum, 0.8);
  EXPECT_EQ(train.weight_decay, 0.0001);
  EXPECT_EQ(train.loss.divergence, 2);
  EXPECT_EQ(train.loss.logits, 0.1);
  EXPECT_EQ(train.loss.temperature, 3);
  EXPECT_EQ(train.loss.focal, 4);
  EXPECT_EQ(train.loss.label, 0.5);
  EXPECT_EQ(train.mix.clean, 0.1);
  EXPECT_EQ(train.mix.blends, 0.2);
  EXPECT_EQ(train.mix.transformations, 0.3);
  EXPECT_EQ(train.mix.mutants, 0.4);
  EXPECT_EQ(train.mix.findings, 0.5);
  EXPECT_EQ(train.validation, 0.25);
  EXPECT_EQ(train.min_gain, 0.02);
  EXPECT_EQ(train.batch_norm, BatchNorm::train);
  EXPECT_EQ(train.rng_seed, 9U);
  EXPECT_EQ(settings.retest.first_queries, 1);
  EXPECT_EQ(settings.retest.worst_queries, 2);
  EXPECT_EQ(settings.retest.everyday_queries, 3);
  EXPECT_EQ(settings.retest.dflare_queries, 0);
  EXPECT_EQ(settings.gates.min_repaired, 0.6);
  EXPECT_EQ(settings.gates.min_repaired_first, 0.1);
  EXPECT_EQ(settings.gates.max_accuracy_drop, 0.01);
  EXPECT_EQ(settings.gates.min_agreement, 0.9);
  EXPECT_EQ(settings.gates.max_worst_regret, 0.7);
  EXPECT_EQ(settings.gates.max_worst_margin, 0.8);
  EXPECT_EQ(settings.out, folder_ + "/o");
  EXPECT_EQ(settings.repaired, folder_ + "/b.pt");
  EXPECT_TRUE(settings.overwrite_input);
  EXPECT_EQ(settings.workers, 3);
}

TEST_F(RepairConfig, TheCommandLineGoesBeforeTheFile) {
  const Settings settings = read(least + std::string("workers: 3\n"), {"/elsewhere", 2});
  EXPECT_EQ(settings.out, "/elsewhere");
  EXPECT_EQ(settings.workers, 2);
  const std::string without_out = boost::replace_all_copy(std::string(least), "out: out\n", "");
  EXPECT_EQ(read(without_out, {"/elsewhere", {}}).out, "/elsewhere");
}

struct Mistake {
  std::string name, config, expected;
};
std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.name;
}

class RepairConfigMistakes : public RepairConfig, public ::testing::WithParamInterface<Mistake> {
 public:
  static std::vector<Mistake> all() {
    const auto with = [](const std::string& more) { return least + more + "\n"; };
    const auto without = [](const std::string& line) {
      return boost::replace_all_copy(std::string(least), line + "\n", "");
    };
    const auto instead = [](const std::string& line, const std::string& other) {
      return boost::replace_all_copy(std::string(least), line + "\n", other + "\n");
    };
    return {
        {"Syntax", "out: [\n", "r.yaml:2: this is no YAML: "},
        {"Empty", "", "r.yaml:1: nothing where a map of keys and values was expected"},
        {"NoVersion", without("dflare_repair: 1"),
         "r.yaml:1: the key 'dflare_repair' is missing; expected 'dflare_repair: 1'"},
        {"OtherVersion", instead("dflare_repair: 1", "dflare_repair: 2"),
         "r.yaml:1: dflare_repair: '2' makes no sense; expected a whole number, 1 to 1"},
        {"NoOriginal", without("original: a.pt"),
         "r.yaml:1: the key 'original' is missing; expected the path of the original model"},
        {"NoCompressed", without("compressed: b.pt"),
         "r.yaml:1: the key 'compressed' is missing; expected the path of the compressed model"},
        {"NoSeeds", without("seeds: training"),
         "r.yaml:1: the key 'seeds' is missing; expected the seed inputs to search"},
        {"NoUnseen", without("unseen: unseen"),
         "r.yaml:1: the key 'unseen' is missing; expected seed inputs for the re-test"},
        {"NoOut", without("out: out"),
         "r.yaml:1: the key 'out' is missing; expected a folder for the reports"},
        {"UnknownKey", with("trains: {}"),
         "r.yaml:7: trains: unknown key 'trains'; did you mean 'train'?"},
        {"UnknownKeyInside", with("train: {step: 5}"),
         "r.yaml:7: train.step: unknown key 'step'; did you mean 'steps'?"},
        {"UnknownKeyDeepInside", with("train:\n  mix:\n    clear: 1"),
         "r.yaml:9: train.mix.clear: unknown key 'clear'; did you mean 'clean'?"},
        {"KeyTwice", with("workers: 1\nworkers: 2"),
         "r.yaml:8: workers: this key is given twice; keep one of them"},
        {"SectionIsNoMap", with("train: 5"),
         "r.yaml:7: train: '5' where a map of keys and values was expected"},
        {"ValueIsAMap", with("train: {steps: {a: 1}}"),
         "r.yaml:7: train.steps: a map where a whole number, 1 or more was expected"},
        {"MissingModel", instead("original: a.pt", "original: c.pt"),
         "r.yaml:2: original: there is no file '"},
        {"Device", instead("original: a.pt", "original:\n  file: a.pt\n  device: cuda"),
         "r.yaml:4: original.device: 'cuda'; expected cpu: training runs on the CPU; leave device "
         "out"},
        {"Twin", instead("original: a.pt", "original: {file: a.pt, gradients_from: b.pt}"),
         "r.yaml:2: original.gradients_from: dflare-repair needs no gradients; leave it out"},
        {"BadInput", with("input: {std: 0}"), "r.yaml:7: input: input stddev: 0"},
        {"MissingSeeds", instead("seeds: training", "seeds: nowhere"), "r.yaml:4: seeds: "},
        {"NoSeedLeft", instead("unseen: unseen", "unseen: {folder: unseen, skip: 9}"),
         "r.yaml:5: unseen: no seed input is left"},
        {"MissingTest", with("test: nowhere"), "r.yaml:7: test: "},
        {"MissingCorpus", with("corpus: nowhere"), "r.yaml:7: corpus: there is no folder '"},
        {"UnknownOption", with("search: {queris: 5}"),
         "r.yaml:7: search.queris: unknown option 'queris'; did you mean 'queries'?"},
        {"OptionOfTheTool", with("search: {workers: 5}"),
         "r.yaml:7: search.workers: is no option of this search; leave it out"},
        {"SearchCriterion", with("search:\n  queries: 9\n  criterion: margin >= 0.2"),
         "r.yaml:9: search.criterion: 'margin >= 0.2'; expected regret >= a number, or label: a"},
        {"SearchOptions", with("search: {queries: 0}"), "r.yaml:7: search: option queries: 0"},
        {"BadWord", with("kind: {approach: weight}"),
         "r.yaml:7: kind.approach: 'weight' makes no sense; expected auto | weights | corrector"},
        {"BadTruth", with("overwrite_input: yes"),
         "r.yaml:7: overwrite_input: 'yes' makes no sense; expected true | false"},
        {"BadNumber", with("train: {batch: 1}"),
         "r.yaml:7: train.batch: '1' makes no sense; expected a whole number, 2 or more"},
        {"BadOptional", with("train: {epochs: 0}"),
         "r.yaml:7: train.epochs: '0' makes no sense; expected none, or a number above 0"},
        {"EmptyMix",
         with("train:\n  mix: {clean: 0, blends: 0, transformations: 0, mutants: 0, findings: 0}"),
         "r.yaml:8: train.mix: all shares are 0; expected one of them above 0"},
        {"EmptyLoss", with("train: {loss: {divergence: 0, logits: 0}}"),
         "r.yaml:7: train.loss: divergence, logits and label are all 0"},
        {"OverCompressed", with("repaired: b.pt"),
         "/b.pt' is the compressed model's own file; expected another file, or set "
         "overwrite_input: true"},
        {"LongerThanANameMayBe", with("repaired: " + std::string(300, 'x')),
         "': File name too long"},
        {"OverOriginal", with("overwrite_input: true\nrepaired: a.pt"),
         "/a.pt' is the original's file, which is never written; expected another file"},
    };
  }
};

TEST_P(RepairConfigMistakes, AreErrorsThatNameTheirPlace) {
  const std::string error = error_of(GetParam().config);
  EXPECT_THAT(error, HasSubstr(GetParam().expected));
  EXPECT_THAT(error, HasSubstr("1 mistake in the configuration\n" + folder_)) << "said once";
}

INSTANTIATE_TEST_SUITE_P(All, RepairConfigMistakes,
                         ::testing::ValuesIn(RepairConfigMistakes::all()),
                         [](const auto& mistake) { return mistake.param.name; });

TEST_F(RepairConfig, IsOneDocument) {
  EXPECT_THAT(error_of(std::string(least) + "---\nout: elsewhere\n"),
              HasSubstr("r.yaml:8: a second YAML document begins here (after '---', '...' or the "
                        "end of the first); a configuration is one document"));
}

TEST_F(RepairConfig, MergeKeysAreNotRead) {
  EXPECT_THAT(error_of(std::string(least) + "search: {<<: {queries: 5}}\n"),
              HasSubstr("r.yaml:7: search.<<: merge keys are not read: use defaults, in a "
                        "manifest, or write the keys out"));
}

TEST_F(RepairConfig, AllMistakesAreListedInTheirOrder) {
  const std::string error = error_of(
      "dflare_repair: 1\noriginal: c.pt\nseeds: nowhere\nunseen: unseen\nout: out\n"
      "train: {batch: 1, validation: 0.6}\n");
  EXPECT_THAT(error, HasSubstr("5 mistakes in the configuration\n"));
  std::size_t position = 0;
  for (const char* part :
       {"r.yaml:1: the key 'compressed'", "r.yaml:2: original: ", "r.yaml:3: seeds: ",
        "r.yaml:6: train.batch: ", "r.yaml:6: train.validation: "}) {
    position = error.find(part, position);
    EXPECT_NE(position, std::string::npos) << part << "\n" << error;
  }
}

TEST_F(RepairConfig, AMissingFileIsNamed) {
  EXPECT_THAT(dflare::test::message_of<ConfigError>([&] { read_config(folder_ + "/none.yaml"); }),
              HasSubstr("/none.yaml: cannot be read; expected a configuration (YAML)"));
}

TEST_F(RepairConfig, TheTemplateSaysTheDefaults) {
  const Settings settings = read(config_template());
  for (const auto& row : dflare::repair::settings_table()) {
    EXPECT_EQ(row.get(settings), row.get(Settings())) << row.name;
    const std::string key = row.name.substr(row.name.rfind('.') + 1);
    EXPECT_THAT(config_template(), HasSubstr(key + ": " + row.get(Settings()) + " ")) << row.name;
    EXPECT_THAT(config_template(), HasSubstr("# " + row.values + ". " + row.meaning)) << row.name;
  }
  for (const dflare::OptionRow& row : dflare::options_table())
    EXPECT_EQ(row.get(settings.search), row.get(Settings::default_search())) << row.name;
}

TEST_F(RepairConfig, TheTemplatesOptionalKeysCanBeTakenIn) {
  const std::string text = boost::replace_all_copy(config_template(), "\n#~", "\n");
  const Settings settings = read(text);
  EXPECT_EQ(settings.test->size(), 2U);
  EXPECT_EQ(settings.corpus, folder_ + "/findings");
  EXPECT_EQ(settings.repaired, folder_ + "/repaired.pt");
  for (const std::string& key : dflare::repair::top_keys())
    EXPECT_THAT(text, HasSubstr("\n" + key + ":")) << key;
}

TEST(RepairConfigDocument, ListsEveryKeyWithItsValuesDefaultAndMeaning) {
  const std::string text =
      dflare::read_file(std::string(DFLARE_SOURCE_TREE) + "/docs/repair-config.md");
  for (const auto& row : dflare::repair::settings_table()) {
    const std::string line = fmt::format("| `{}` | {} | {} | {} |\n", row.name,
                                         boost::replace_all_copy(row.values, "|", "\\|"),
                                         row.get(Settings()), row.meaning);
    EXPECT_THAT(text, HasSubstr(line));
  }
  for (const std::string& key : dflare::repair::top_keys())
    EXPECT_THAT(text, HasSubstr("| `" + key)) << key;
}

}  // namespace
