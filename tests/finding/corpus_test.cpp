#include "dflare/corpus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/filesystem.hpp>
#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

#include "finding/fakes.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A deviation of the pair whose mutant has this grey level; between 100 and 120 it deviates.
Deviation grey_deviation(const std::string& seed_id, int level, double regret) {
  Deviation deviation = deviation_of(seed_id);
  deviation.mutant.setTo(level);
  deviation.regret = regret;
  return deviation;
}

class Corpus : public testing::Test {
 protected:
  void add(const std::vector<Deviation>& deviations, const Options& options = {}) {
    CorpusWriter writer(folder_, pair_.original, pair_.compressed, options);
    for (const Deviation& deviation : deviations) writer.add(deviation);
  }
  std::vector<CorpusFinding> replayed(const Options& options = {}) {
    return replay_corpus(folder_, pair_.original, pair_.compressed, options);
  }
  std::vector<std::string> folders() const {
    std::vector<std::string> folders;
    for (const auto& entry : fs::directory_iterator(folder_))
      folders.push_back(entry.path().string());
    return folders;
  }
  std::string error(const Options& options = {}) {
    return message_of<FindingError>([&] { replayed(options); });
  }

  Pair pair_;
  const std::string folder_ = fresh_folder() + "/corpus";
};

TEST_F(Corpus, TellsWhatStillDeviatesFromWhatIsFixed) {
  add({grey_deviation("a", 110, 0.2), grey_deviation("b", 50, 0.2)});
  const auto findings = replayed();
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].recorded.seed_id, "a");
  EXPECT_EQ(findings[0].state, CorpusState::deviates);
  EXPECT_EQ(findings[0].original_label, 1);
  EXPECT_EQ(findings[0].compressed_label, 0);
  EXPECT_NEAR(findings[0].regret, 0.2, 1e-6);
  EXPECT_NEAR(findings[0].margin, 0.2, 1e-6);
  EXPECT_FLOAT_EQ(findings[0].original_score, 0.6F);
  EXPECT_EQ(findings[0].recorded.queries, 17);
  EXPECT_EQ(findings[0].closeness, findings[0].distances.l2);
  EXPECT_EQ(findings[1].state, CorpusState::fixed);
}

TEST_F(Corpus, IsEmptyWhereThereIsNoFolder) {
  EXPECT_THAT(replayed(), IsEmpty());
}

TEST_F(Corpus, ThatCannotBeLookedIntoIsNotTakenForAnEmptyOne) {
  const fs::path around = fs::path(folder_).parent_path();
  fs::create_symlink("loop", around / "loop");
  for (const std::string& name : {std::string("loop"), std::string(300, 'x')}) {
    const std::string corpus = (around / name).string();
    EXPECT_THAT(message_of<FindingError>(
                    [&] { replay_corpus(corpus, pair_.original, pair_.compressed, {}); }),
                HasSubstr("cannot read the corpus '" + corpus + "': "));
  }
}

TEST_F(Corpus, KeepsTheLargerRegretOfTwoAlike) {
  add({grey_deviation("a", 110, 0.2), grey_deviation("a", 111, 0.3),
       grey_deviation("a", 112, 0.1)});
  EXPECT_THAT(folders(), SizeIs(1));
  const auto findings = replayed();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].recorded.regret, 0.3);
  // In another process, later.
  add({grey_deviation("a", 113, 0.25)});
  EXPECT_THAT(folders(), SizeIs(1));
  add({grey_deviation("a", 113, 0.4)});
  EXPECT_THAT(folders(), SizeIs(1));
  EXPECT_EQ(replayed().at(0).recorded.regret, 0.4);
}

TEST_F(Corpus, KeepsTheLargerMarginWhereThatIsAskedFor) {
  const Options by_margin = Options().margin(0.1);
  Deviation surer = grey_deviation("a", 111, 0.2);
  surer.margin = 0.5;
  add({grey_deviation("a", 110, 0.9), surer}, by_margin);
  const auto findings = replayed(by_margin);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].recorded.margin, 0.5);
  EXPECT_EQ(findings[0].recorded.regret, 0.2);
}

TEST_F(Corpus, IsNotFixedByADeadModelNorByOneThatIsMerelyUnsure) {
  const auto state = [this](const Options& options, const std::vector<float>& compressed) {
    FakeModel model([=](const Image&, std::size_t, std::size_t) { return compressed; },
                    in_memory("the compressed"));
    return replay_corpus(folder_, pair_.original, model, options).at(0).state;
  };
  const std::vector<float> dead = {0.5F, 0.5F}, unsure = {0.5001F, 0.4999F}, right = {0.49F, 0.51F};
  for (const char* criterion :
       {"label", "regret >= 0.15", "harmful", "targeted = 1 0", "top_k = 1"}) {
    const Options options = Options().criterion(Criteria::parse(criterion));
    boost::filesystem::remove_all(folder_);
    Deviation found = grey_deviation("a", 110, 0.2);
    found.seed.label = 1;
    add({found}, options);
    EXPECT_EQ(state(options, dead), CorpusState::deviates) << criterion;
    EXPECT_EQ(state(options, unsure), CorpusState::deviates) << criterion;
    EXPECT_EQ(state(options, right), CorpusState::fixed) << criterion;
  }
  // A margin asks both models to be sure, and means what it meant.
  const Options by_margin = Options().margin(0.15);
  boost::filesystem::remove_all(folder_);
  add({grey_deviation("a", 110, 0.2)}, by_margin);
  EXPECT_EQ(state(by_margin, dead), CorpusState::fixed);
  EXPECT_EQ(state(by_margin, unsure), CorpusState::fixed);
  EXPECT_EQ(state(by_margin, {0.6F, 0.4F}), CorpusState::deviates);
}

TEST_F(Corpus, OfSmallerRegretThanItsCriterionAsksForIsFixed) {
  const Options options = Options().regret(0.3);
  add({grey_deviation("a", 110, 0.4)}, options);  // the original prefers its label by 0.2
  EXPECT_EQ(replayed(options).at(0).state, CorpusState::fixed);
}

TEST_F(Corpus, KeepsBothOfOtherSeedsLabelsOrRequests) {
  Deviation other_labels = grey_deviation("a", 110, 0.2);
  other_labels.original_scores = {0.4F, 0.6F, 0};
  other_labels.compressed_scores = {0.2F, 0.2F, 0.6F};
  other_labels.compressed_label = 2;
  add({grey_deviation("a", 110, 0.2), grey_deviation("b", 110, 0.2), other_labels});
  add({grey_deviation("a", 110, 0.2)}, Options().margin(0.1));
  add({grey_deviation("a", 110, 0.2)}, Options().objective(Objective::worst));
  EXPECT_THAT(folders(), SizeIs(5));
}

TEST_F(Corpus, KeepsTheLargerRegretOfTwoProcesses) {
  // Each sees an empty corpus at first.
  CorpusWriter one(folder_, pair_.original, pair_.compressed, {});
  CorpusWriter two(folder_, pair_.original, pair_.compressed, {});
  one.add(grey_deviation("a", 110, 0.2));
  two.add(grey_deviation("a", 111, 0.3));
  two.add(grey_deviation("b", 110, 0.2));
  one.add(grey_deviation("b", 110, 0.2));
  EXPECT_EQ(one.added(), 1U);
  EXPECT_THAT(folders(), SizeIs(2));
  const auto findings = replayed();
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].recorded.regret, 0.3);
}

TEST_F(Corpus, OfOtherRequestsIsNotValid) {
  add({grey_deviation("a", 110, 0.2)});
  const auto findings = replayed(Options().margin(0.3).rotate(10));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].state, CorpusState::not_valid);
  EXPECT_EQ(findings[0].why, "other criterion, rotate");
  // What only says how it is searched does not matter.
  EXPECT_EQ(replayed(Options().queries(5).strategy("random")).at(0).state, CorpusState::deviates);
}

TEST_F(Corpus, OfAnotherInputSizeIsNotValid) {
  add({grey_deviation("a", 110, 0.2)});
  InputSpec larger = probabilities_of_grey(16);
  FakeModel original(bright_above(100), in_memory("larger"), larger);
  const auto findings = replay_corpus(folder_, original, pair_.compressed, {});
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].state, CorpusState::not_valid);
  EXPECT_THAT(findings[0].why, HasSubstr("the original model cannot take its image: "));
}

TEST_F(Corpus, ReplaysWhatIsWantedAlone) {
  add({grey_deviation("a", 110, 0.2), grey_deviation("b", 110, 0.2)});
  const auto findings = replay_corpus(folder_, pair_.original, pair_.compressed, {},
                                      [](const std::string& id) { return id == "b"; });
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].recorded.seed_id, "b");
}

TEST_F(Corpus, EndsEarlyAfterAStop) {
  add({grey_deviation("a", 110, 0.2)});
  StopSignal stop;
  stop.request();
  EXPECT_THAT(replayed(Options().stop(stop)), IsEmpty());
}

TEST_F(Corpus, NamesADamagedFinding) {
  add({grey_deviation("a", 110, 0.2)});
  const std::string file = folders().at(0) + "/finding.json";
  write_atomically(file, "{");
  EXPECT_THAT(error(), HasSubstr(file));
  EXPECT_THAT(message_of<FindingError>([&] { add({}); }), HasSubstr(file));
}

TEST_F(Corpus, OfANewerDflareSaysSo) {
  add({grey_deviation("a", 110, 0.2)});
  const std::string file = folders().at(0) + "/finding.json";
  nlohmann::json json = nlohmann::json::parse(content_of(file));
  json["dflare_finding"] = 99;
  write_atomically(file, json.dump());
  EXPECT_THAT(error(), HasSubstr("99"));
}

TEST_F(Corpus, OfAnOlderDflareIsRead) {
  add({grey_deviation("a", 110, 0.2)});
  const std::string file = folders().at(0) + "/finding.json";
  nlohmann::json json = nlohmann::json::parse(content_of(file));
  json["dflare_finding"] = 1;
  json.erase("transformation");
  json.erase("regret");
  for (const char* option : {"criterion", "rotate", "objective"}) json["options"].erase(option);
  write_atomically(file, json.dump());
  EXPECT_EQ(replayed().at(0).state, CorpusState::deviates);
  EXPECT_NEAR(replayed().at(0).recorded.regret, 0.2, 1e-6) << "of the recorded scores";
}

TEST_F(Corpus, ModelsThatFailAreErrors) {
  add({grey_deviation("a", 110, 0.2)});
  FakeModel nan([](const Image&, std::size_t, std::size_t) {
    return std::vector<float>{std::nanf(""), 0.5F};
  });
  EXPECT_THAT(message_of<ModelError>([&] { replay_corpus(folder_, nan, pair_.compressed, {}); }),
              HasSubstr("answers a score that is not finite"));
  FakeModel three([](const Image&, std::size_t, std::size_t) {
    return std::vector<float>{0.2F, 0.5F, 0.3F};
  });
  EXPECT_THAT(message_of<ModelError>([&] { replay_corpus(folder_, three, pair_.compressed, {}); }),
              HasSubstr("the models answer 3 and 2 classes; expected as many"));
}

TEST_F(Corpus, WhatAKillLeftIsNoFindingAndGoesAfterAnHour) {
  add({grey_deviation("a", 110, 0.2)});
  const fs::path old = fs::path(folder_) / ".unfinished-0000-0000-0000-0000";
  const fs::path young = fs::path(folder_) / ".unfinished-1111-1111-1111-1111";
  fs::create_directory(old);
  fs::create_directory(young);
  fs::last_write_time(old, std::time(nullptr) - 2 * 3600);
  EXPECT_THAT(replayed(), SizeIs(1));
  add({});
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
}

TEST_F(Corpus, RemovesDuplicatesOfAnOlderDflare) {
  add({grey_deviation("a", 111, 0.3)});
  const std::string worse = folders().at(0);
  fs::rename(worse, folder_ + "/../worse");
  add({grey_deviation("a", 110, 0.2)});
  fs::rename(folder_ + "/../worse", worse);
  EXPECT_THAT(folders(), SizeIs(2));
  EXPECT_THAT(replayed(), SizeIs(1));
  add({});
  EXPECT_THAT(folders(), testing::ElementsAre(worse));
}

TEST_F(Corpus, OfAFolderWithoutAFindingIsReadAndWritten) {
  add({grey_deviation("a", 110, 0.2)});
  const fs::path name = folders().at(0);
  // A kill in the middle of a removal, as older versions removed; a folder of somebody else.
  fs::remove(name / "finding.json");
  fs::create_directories(folder_ + "/x");
  write_atomically(folder_ + "/x/notes.txt", "mine");
  EXPECT_THAT(replayed(), IsEmpty());
  add({grey_deviation("a", 110, 0.2)});
  EXPECT_THAT(replayed(), SizeIs(1));
  fs::remove(name / "finding.json");
  for (const fs::path& folder : {name, fs::path(folder_) / "x"})
    fs::last_write_time(folder, std::time(nullptr) - 2 * 3600);
  add({});
  EXPECT_FALSE(fs::exists(name));
  EXPECT_TRUE(fs::exists(folder_ + "/x/notes.txt"));
}

TEST_F(Corpus, IsWholeForWhoeverReadsItWhileOthersReplace) {
  constexpr int writers = 8, readers = 6, steps = 12;
  add({grey_deviation("s", 110, 0.01)});
  std::atomic<int> writing{writers};
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      Pair pair;
      CorpusWriter writer(folder_, pair.original, pair.compressed, {});
      for (int i = 0; i < steps; ++i) {
        for (const char* seed : {"s", "t"}) {
          Deviation deviation = grey_deviation(seed, 101 + i, 0.02 + 0.01 * i + 0.001 * w);
          deviation.mutant.data[0] = static_cast<unsigned char>(w);  // no two writers' is the same
          writer.add(deviation);
        }
      }
      --writing;
    });
  }
  std::atomic<int> wrong{0};
  for (int r = 0; r < readers; ++r) {
    threads.emplace_back([&] {
      Pair pair;
      while (writing > 0) {
        std::size_t seen = 0;
        for (const auto& finding : replay_corpus(folder_, pair.original, pair.compressed, {}))
          seen += finding.recorded.seed_id == "s";
        if (seen != 1) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_THAT(folders(), SizeIs(2)) << "nothing is left behind, and no duplicates";
  for (const auto& finding : replayed())
    EXPECT_NEAR(finding.recorded.regret, 0.02 + 0.01 * (steps - 1) + 0.001 * (writers - 1), 1e-9);
}

TEST_F(Corpus, ThatCannotBeMadeIsAnError) {
  write_atomically(folder_, "a file");
  EXPECT_THAT(message_of<FindingError>([&] { add({}); }),
              testing::AllOf(HasSubstr("cannot write to the corpus '" + folder_ + "'"),
                             HasSubstr("update_corpus: false")));
}

}  // namespace
}  // namespace dflare::test
