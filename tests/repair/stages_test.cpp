#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>

#include "data/findings.hpp"
#include "dflare/random.hpp"
#include "retest/retest_pair.hpp"
#include "run/judge.hpp"
#include "run/write.hpp"
#include "setup/output_folder.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"
#include "training/train.hpp"
#include "weights/approach.hpp"

// Each stage of a repair alone: what it makes of the values that it is given.
namespace dflare::repair {
namespace {

namespace fs = boost::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr int side = 12, classes = 4;

/// Noise, and a bright bar at one of six places, so that the models give several classes.
std::vector<Image> bars(int first, int count) {
  std::vector<Image> images;
  for (int variant = first; variant < first + count; ++variant) {
    Random random(static_cast<std::uint64_t>(variant));
    Image image(side, side, CV_8UC1);
    for (int i = 0; i < side * side; ++i) {
      const bool bar = i % side / (side / 6) == variant % 6;
      image.data[i] = static_cast<unsigned char>(random.integer(0, 60) + (bar ? 190 : 0));
    }
    images.push_back(image);
  }
  return images;
}

class Stages : public ::testing::Test {
 protected:
  Stages() : folder_(test::fresh_folder()) {
    settings_.original.source = ModelFile{folder_ + "/a.pt"};
    settings_.compressed.source = ModelFile{folder_ + "/b.pt"};
    test::save_cnn(settings_.original.source.path(), 1, side, side, classes);
    test::save_cnn(settings_.compressed.source.path(), 1, side, side, classes, 0.5);
    settings_.training = SeedSet::images(bars(0, 20));
    settings_.unseen = SeedSet::images(bars(100, 10));
    settings_.search.queries(20);
    settings_.train.rounds = 2;
    settings_.train.steps = 5;
    settings_.train.batch = 8;
    settings_.train.learning_rate = 0.003;
    settings_.train.min_gain = 0;
    settings_.retest = {20, 20, 0, 0};
    settings_.out = folder_ + "/out";
    fs::create_directory(settings_.out);
    pair_ = open_pair(settings_);
    split_ = split_of(pair_.training, settings_.train);
  }

  bool in_out(const char* name) const { return fs::exists(in_output(settings_, name)); }

  std::string folder_;
  Settings settings_;
  OnStage on_stage_;
  StopSignal stop_;
  RepairContext context_{settings_, on_stage_, stop_};
  OpenPair pair_;
  Split split_;
};

TEST_F(Stages, SplitPutsEachSeedIntoOnePart) {
  EXPECT_EQ(split_.validates.size(), 20U);
  EXPECT_EQ(split_.validation.size(), 3U) << "15 %";
  EXPECT_EQ(split_.training.size(), 17U);
  EXPECT_EQ(std::count(split_.validates.begin(), split_.validates.end(), true), 3);

  std::vector<Seed> two = {pair_.training[0], pair_.training[1]};
  EXPECT_EQ(split_of(two, settings_.train).validation.size(), 1U);
  settings_.train.validation = 1;
  EXPECT_EQ(split_of(two, settings_.train).training.size(), 1U);
}

TEST_F(Stages, FindSearchesTheTrainingSeedsAndWritesWhatItFinds) {
  const Findings findings = find(context_, pair_, split_);
  EXPECT_FALSE(findings.training.empty());
  std::size_t written = 0;
  for (const auto& entry : fs::directory_iterator(in_output(settings_, output_name::findings)))
    written += fs::exists(entry.path() / "finding.json");
  EXPECT_EQ(written, findings.training.size() + findings.validation.size());
}

TEST_F(Stages, FindReadsTheCorpusWhereThereIsOne) {
  const Findings searched = find(context_, pair_, split_);
  settings_.corpus = folder_ + "/corpus";
  fs::rename(in_output(settings_, output_name::findings), settings_.corpus);
  const Findings read = find(context_, pair_, split_);
  EXPECT_EQ(read.training.size(), searched.training.size());
  EXPECT_EQ(read.validation.size(), searched.validation.size());
  EXPECT_FALSE(in_out(output_name::findings)) << "nothing was searched";
}

TEST_F(Stages, TrainWithoutFindingsMakesNoRound) {
  const Trained trained = train(context_, pair_, split_, {"key", {}, {}});
  EXPECT_EQ(trained.rounds.size(), 1U);
  EXPECT_EQ(trained.repaired + trained.control, "");
  EXPECT_FALSE(in_out(output_name::state));
  const Result result = nothing_found(settings_, pair_, trained);
  EXPECT_EQ(result.verdict, Verdict::nothing_found);
  EXPECT_EQ(result.training_seeds, 20U);
}

TEST_F(Stages, TrainGoesOnWhereItsStateStands) {
  const TrainingStart start = start_training(context_, pair_, split_);
  const Trained whole = train(context_, pair_, split_, start);
  ASSERT_EQ(whole.rounds.size(), 3U);
  EXPECT_EQ(whole.approach, Approach::weights);
  EXPECT_EQ(whole.learning_rate, 0.003);
  EXPECT_NE(whole.repaired, whole.control);

  settings_.train.rounds = 1;
  train(context_, pair_, split_, start);
  settings_.train.rounds = 2;
  State after_one = load_state(in_output(settings_, output_name::state), start.fingerprint);
  ASSERT_EQ(after_one.rounds.size(), 2U);
  settings_.resume = true;
  const TrainingStart again = start_training(context_, pair_, split_);
  EXPECT_EQ(again.fingerprint, start.fingerprint);
  EXPECT_EQ(again.findings.training.size(), start.findings.training.size());
  EXPECT_EQ(again.findings.validation.size(), start.findings.validation.size());
  ASSERT_TRUE(again.resumed);
  const Trained resumed = train(context_, pair_, split_, again);
  EXPECT_EQ(resumed.rounds.size(), 3U);
  EXPECT_EQ(resumed.rounds[2].validation, whole.rounds[2].validation);
  EXPECT_TRUE(resumed.repaired == whole.repaired) << "another file";
  EXPECT_TRUE(resumed.control == whole.control) << "another file";
}

TEST_F(Stages, RetestOfTheModelAsItWasFindsNothingRepaired) {
  const std::vector<TrainingFinding> trained_on = find(context_, pair_, split_).training;
  const Retested retested =
      retest(context_, pair_, pair_.compressed_bytes, pair_.compressed_bytes, trained_on);
  EXPECT_EQ(retested.before.name, "before");
  EXPECT_EQ(retested.repaired.name, "repaired");
  EXPECT_EQ(retested.control.name, "control");
  EXPECT_EQ(retested.repaired.sha256, pair_.compressed->info().sha256);
  ASSERT_GT(retested.repaired.worst->inputs, 0U);
  EXPECT_EQ(retested.repaired.worst->repaired, 0U);
  ASSERT_EQ(retested.training.size(), trained_on.size());
  for (const TrainedOn& finding : retested.training)
    EXPECT_FLOAT_EQ(static_cast<float>(finding.regret_after),
                    static_cast<float>(finding.regret_before));
  EXPECT_TRUE(in_out(output_name::unseen));
}

/// Of a model that was not changed.
Trained unchanged(const OpenPair& pair) {
  Trained trained;
  trained.rounds.resize(1);
  trained.repaired = trained.control = pair.compressed_bytes;
  return trained;
}

Retested with_repaired(std::size_t inputs, std::size_t repaired) {
  Retested retested;
  retested.repaired.worst = Repaired{inputs, repaired, std::vector<bool>(inputs)};
  return retested;
}

TEST_F(Stages, JudgeAsksEveryGate) {
  const Trained trained = unchanged(pair_);
  settings_.gates.min_repaired = 0.5;
  const Result met = judge(settings_, pair_, trained, with_repaired(4, 2));
  EXPECT_EQ(met.verdict, Verdict::repaired);
  EXPECT_EQ(met.repaired_file, "") << "nothing is written yet";
  const Result not_met = judge(settings_, pair_, trained, with_repaired(4, 1));
  EXPECT_EQ(not_met.verdict, Verdict::gates_not_met);
}

TEST_F(Stages, JudgeAsksForTheCompressionWhereWeightsWereTrained) {
  Trained trained = unchanged(pair_);
  test::save_cnn(folder_ + "/larger.pt", 1, side, side, 2 * classes);
  trained.repaired = read_file(folder_ + "/larger.pt");
  const Result result = judge(settings_, pair_, trained, with_repaired(4, 4));
  EXPECT_EQ(result.verdict, Verdict::gates_not_met);
  ASSERT_FALSE(result.gates.empty());
  EXPECT_EQ(result.gates[0].name, "kind");
  EXPECT_FALSE(result.gates[0].met);

  // A corrector's model is in the file as it was.
  trained.approach = Approach::corrector;
  const Result corrected = judge(settings_, pair_, trained, with_repaired(4, 4));
  EXPECT_EQ(corrected.verdict, Verdict::repaired);
  EXPECT_THAT(corrected.remarks, Contains(HasSubstr("a corrector on top of its scores")));
}

TEST_F(Stages, WriteLeavesNothingToResumeAndAModelWhereItSaysSo) {
  Result result;
  result.rounds.resize(1);
  write_file(in_output(settings_, output_name::state), "a state");
  write_result(settings_, result, "model");
  EXPECT_TRUE(in_out(output_name::report_json));
  EXPECT_TRUE(in_out(output_name::report_text));
  EXPECT_FALSE(in_out(output_name::state));
  EXPECT_FALSE(in_out("repaired.pt"));

  result.verdict = Verdict::repaired;
  result.repaired_file = repaired_file(settings_);
  write_result(settings_, result, "model");
  EXPECT_EQ(read_file(in_output(settings_, "repaired.pt")), "model");
}

TEST_F(Stages, PrepareLetsNoEarlierStatePass) {
  const std::string state = in_output(settings_, output_name::state);
  write_file(state, "a state");
  settings_.resume = true;
  prepare_output(settings_);
  EXPECT_TRUE(fs::exists(state));
  settings_.resume = false;
  prepare_output(settings_);
  EXPECT_FALSE(fs::exists(state));
  settings_.resume = true;
  EXPECT_THAT(test::message_of<ConfigError>([&] { prepare_output(settings_); }),
              HasSubstr("there is no interrupted repair in '" + settings_.out + "'"));
}

TEST(ApproachOf, KnowsEachButAutomatic) {
  for (const Approach name : {Approach::weights, Approach::corrector})
    EXPECT_EQ(approach_of(name).name, name);
  EXPECT_THROW(approach_of(Approach::automatic), ConfigError);
}

}  // namespace
}  // namespace dflare::repair
