#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <functional>
#include <limits>

#include "dflare/repair.hpp"
#include "setup/settings_rows.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace {

using dflare::ConfigError;
using dflare::SeedSet;
using dflare::repair::Settings;
using ::testing::HasSubstr;

SeedSet seeds() {
  return SeedSet::images({dflare::test::picture(8, 8, 1)});
}

Settings sensible() {
  Settings settings;
  settings.original.source = dflare::ModelFile{"a.pt"};
  settings.compressed.source = dflare::ModelFile{"b.pt"};
  settings.training = settings.unseen = seeds();
  settings.out = dflare::test::fresh_folder();
  return settings;
}

std::string error_of(const Settings& settings) {
  return dflare::test::message_of<ConfigError>([&] { settings.check(); });
}

TEST(RepairSettings, DefaultsMakeSense) {
  EXPECT_NO_THROW(sensible().check());
  EXPECT_EQ(Settings::default_search().objective(), dflare::Objective::worst);
  EXPECT_EQ(Settings::default_search().queries(), 40);
}

struct Wrong {
  std::string name;
  std::function<void(Settings&)> make;
  std::string expected;
};
std::ostream& operator<<(std::ostream& out, const Wrong& wrong) {
  return out << wrong.name;
}

class WrongSettings : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSettings, AreErrorsThatNameTheKey) {
  Settings settings = sensible();
  GetParam().make(settings);
  EXPECT_THAT(error_of(settings), HasSubstr(GetParam().expected));
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

const Wrong wrong_settings[] = {
    {"NoOriginal", [](Settings& s) { s.original.source = dflare::ModelFile{""}; },
     "setting original: no file"},
    {"NoCompressed", [](Settings& s) { s.compressed.source = dflare::ModelFile{""}; },
     "setting compressed: no file"},
    {"Device", [](Settings& s) { s.compressed.load.device = "cuda:1"; },
     "setting compressed.device: 'cuda:1'; expected cpu"},
    {"Isolated", [](Settings& s) { s.compressed.load.isolate = true; },
     "setting compressed.isolate: the model that is repaired is trained in this process"},
    {"NoSeeds", [](Settings& s) { s.training = SeedSet::images({}); },
     "setting seeds: no seed input to search and to train on; expected at least one"},
    {"NoUnseen", [](Settings& s) { s.unseen = SeedSet::images({}); },
     "setting unseen: no seed input for the re-test; expected at least one"},
    {"EmptyTest", [](Settings& s) { s.test = SeedSet::images({}); },
     "setting test: the test set is empty"},
    {"Corpus", [](Settings& s) { s.corpus = "nowhere"; },
     "setting corpus: there is no folder 'nowhere'"},
    {"NoOut", [](Settings& s) { s.out = ""; }, "setting out: no folder; expected one"},
    {"Zeros", [](Settings& s) { s.kind.zeros = static_cast<dflare::repair::Keep>(9); },
     "setting kind.zeros: '?' makes no sense; expected auto | keep | free"},
    {"NoRounds", [](Settings& s) { s.train.rounds = 0; },
     "setting train.rounds: '0' makes no sense; expected a whole number, 1 to 100"},
    {"ManyRounds", [](Settings& s) { s.train.rounds = 101; }, "setting train.rounds: '101'"},
    {"Patience", [](Settings& s) { s.train.patience = -1; },
     "setting train.patience: '-1' makes no sense; expected a whole number, 0 to 100"},
    {"Steps", [](Settings& s) { s.train.steps = 0; },
     "setting train.steps: '0' makes no sense; expected a whole number, 1 or more"},
    {"Epochs", [](Settings& s) { s.train.epochs = 0; },
     "setting train.epochs: '0' makes no sense; expected none, or a number above 0"},
    {"Batch", [](Settings& s) { s.train.batch = 1; },
     "setting train.batch: '1' makes no sense; expected a whole number, 2 or more"},
    {"LearningRate", [](Settings& s) { s.train.learning_rate = 0; },
     "setting train.learning_rate: '0' makes no sense; expected auto, or a number above 0"},
    {"NoNumber", [](Settings& s) { s.train.learning_rate = nan; },
     "setting train.learning_rate: 'nan'"},
    {"Endless", [](Settings& s) { s.train.learning_rate = infinity; },
     "setting train.learning_rate: 'inf'"},
    {"Decay", [](Settings& s) { s.train.round_decay = 1.5; },
     "setting train.round_decay: '1.5' makes no sense; expected a factor above 0, at most 1"},
    {"Momentum", [](Settings& s) { s.train.momentum = 1; },
     "setting train.momentum: '1' makes no sense; expected a number from 0 to below 1"},
    {"WeightDecay", [](Settings& s) { s.train.weight_decay = -1; },
     "setting train.weight_decay: '-1' makes no sense; expected a number, 0 or more"},
    {"Divergence", [](Settings& s) { s.train.loss.divergence = -1; },
     "setting train.loss.divergence: '-1'"},
    {"Logits", [](Settings& s) { s.train.loss.logits = -1; }, "setting train.loss.logits: '-1'"},
    {"Temperature", [](Settings& s) { s.train.loss.temperature = 0; },
     "setting train.loss.temperature: '0' makes no sense; expected a number above 0"},
    {"Focal", [](Settings& s) { s.train.loss.focal = -1; }, "setting train.loss.focal: '-1'"},
    {"Label", [](Settings& s) { s.train.loss.label = -1; }, "setting train.loss.label: '-1'"},
    {"NoLoss", [](Settings& s) { s.train.loss.divergence = s.train.loss.logits = 0; },
     "setting train.loss: divergence, logits and label are all 0"},
    {"Clean", [](Settings& s) { s.train.mix.clean = 1.5; },
     "setting train.mix.clean: '1.5' makes no sense; expected a share, 0 to 1"},
    {"Blends", [](Settings& s) { s.train.mix.blends = -1; }, "setting train.mix.blends: '-1'"},
    {"Transformations", [](Settings& s) { s.train.mix.transformations = -1; },
     "setting train.mix.transformations: '-1'"},
    {"Mutants", [](Settings& s) { s.train.mix.mutants = nan; }, "setting train.mix.mutants: 'nan'"},
    {"Findings", [](Settings& s) { s.train.mix.findings = 2; }, "setting train.mix.findings: '2'"},
    {"NoMix",
     [](Settings& s) {
       s.train.mix = {0, 0, 0, 0, 0};
     },
     "setting train.mix: all shares are 0; expected one of them above 0"},
    {"Validation", [](Settings& s) { s.train.validation = 0.6; },
     "setting train.validation: '0.6' makes no sense; expected a share above 0, at most 0.5"},
    {"NoValidation", [](Settings& s) { s.train.validation = 0; }, "setting train.validation: '0'"},
    {"MinGain", [](Settings& s) { s.train.min_gain = 1; },
     "setting train.min_gain: '1' makes no sense; expected a share from 0 to below 1"},
    {"First", [](Settings& s) { s.retest.first_queries = -1; },
     "setting retest.first_queries: '-1' makes no sense; expected a whole number, 0 or more"},
    {"Worst", [](Settings& s) { s.retest.worst_queries = -1; }, "setting retest.worst_queries: "},
    {"Everyday", [](Settings& s) { s.retest.everyday_queries = -1; },
     "setting retest.everyday_queries: "},
    {"Dflare", [](Settings& s) { s.retest.dflare_queries = -1; },
     "setting retest.dflare_queries: "},
    {"MinRepaired", [](Settings& s) { s.gates.min_repaired = 50; },
     "setting gates.min_repaired: '50' makes no sense; expected a share, 0 to 1"},
    {"MinRepairedFirst", [](Settings& s) { s.gates.min_repaired_first = -1; },
     "setting gates.min_repaired_first: '-1'"},
    {"AccuracyDrop", [](Settings& s) { s.gates.max_accuracy_drop = 2; },
     "setting gates.max_accuracy_drop: '2'"},
    {"Agreement", [](Settings& s) { s.gates.min_agreement = 2; },
     "setting gates.min_agreement: '2' makes no sense; expected before, or a share, 0 to 1"},
    {"WorstRegret", [](Settings& s) { s.gates.max_worst_regret = -1; },
     "setting gates.max_worst_regret: '-1' makes no sense; expected a number, 0 or more"},
    {"WorstMargin", [](Settings& s) { s.gates.max_worst_margin = -1; },
     "setting gates.max_worst_margin: '-1' makes no sense; expected none, or a number, 0 or more"},
    {"Workers", [](Settings& s) { s.workers = 2000; },
     "setting workers: '2000' makes no sense; expected 0 (one a core) to 1024"},
    {"SearchOption", [](Settings& s) { s.search.queries(0); },
     "setting search: option queries: 0 is too small"},
    {"SearchCriterion", [](Settings& s) { s.search.margin(0.2); },
     "setting search.criterion: 'regret >= 1e-06 and margin >= 0.2'; expected regret >= a number, "
     "or label"},
};

INSTANTIATE_TEST_SUITE_P(All, WrongSettings, ::testing::ValuesIn(wrong_settings),
                         [](const auto& wrong) { return wrong.param.name; });

class RepairedFile : public ::testing::Test {
 public:
  RepairedFile() : folder_(dflare::test::fresh_folder()), settings_(sensible()) {
    for (const char* name : {"a.pt", "b.pt"}) dflare::write_file(folder_ + "/" + name, "no model");
    boost::filesystem::create_directory(folder_ + "/sub");
    settings_.original.source = dflare::ModelFile{folder_ + "/a.pt"};
    settings_.compressed.source = dflare::ModelFile{folder_ + "/b.pt"};
    settings_.out = folder_ + "/out";
  }
  std::string folder_;
  Settings settings_;
};

TEST_F(RepairedFile, MayBeTheCompressedModelsOnlyIfThatIsSaid) {
  for (const char* name : {"/b.pt", "/sub/../b.pt"}) {
    settings_.repaired = folder_ + name;
    settings_.overwrite_input = false;
    EXPECT_THAT(error_of(settings_), HasSubstr("setting repaired: '" + settings_.repaired +
                                               "' is the compressed model's own file; expected "
                                               "another file, or set overwrite_input: true"));
    settings_.overwrite_input = true;
    EXPECT_NO_THROW(settings_.check());
  }
}

TEST_F(RepairedFile, IsNeverTheOriginals) {
  boost::filesystem::create_symlink(folder_ + "/a.pt", folder_ + "/link.pt");
  settings_.overwrite_input = true;
  for (const char* name : {"/a.pt", "/link.pt"}) {
    settings_.repaired = folder_ + name;
    EXPECT_THAT(error_of(settings_), HasSubstr("is the original's file, which is never written"));
  }
}

TEST_F(RepairedFile, InTheFolderCountsToo) {
  settings_.out = folder_;
  settings_.compressed.source = dflare::ModelFile{folder_ + "/repaired.pt"};
  EXPECT_THAT(error_of(settings_), HasSubstr("setting out: '" + folder_ +
                                             "/repaired.pt' is the compressed model's own file"));
}

TEST_F(RepairedFile, IsNoFolderAndTheFolderNoFile) {
  settings_.repaired = folder_ + "/sub";
  EXPECT_THAT(error_of(settings_), HasSubstr("/sub' is a folder; expected a file"));
  settings_.repaired = "";
  settings_.out = folder_ + "/a.pt";
  EXPECT_THAT(error_of(settings_), HasSubstr("/a.pt' is a file; expected a folder"));
}

TEST(RepairSettings, ATextSetsWhatItsRowGives) {
  for (const auto& row : dflare::repair::settings_table()) {
    Settings settings;
    row.set(settings, row.get(Settings()));
    EXPECT_EQ(row.get(settings), row.get(Settings())) << row.name;
    EXPECT_THROW(row.set(settings, "nonsense"), ConfigError) << row.name;
  }
  Settings settings;
  dflare::repair::settings_table();
  EXPECT_THROW(
      {
        for (const auto& row : dflare::repair::settings_table()) {
          if (row.name == "train.rng_seed") row.set(settings, "-1");
        }
      },
      ConfigError);
}

}  // namespace
