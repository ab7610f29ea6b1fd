#include "dflare/corpus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

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
Deviation grey_deviation(const std::string& seed_id, int level, double margin) {
  Deviation deviation = deviation_of(seed_id);
  deviation.mutant.setTo(level);
  deviation.margin = margin;
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
  EXPECT_EQ(findings[0].seed_id, "a");
  EXPECT_EQ(findings[0].state, CorpusState::deviates);
  EXPECT_EQ(findings[0].original_label, 1);
  EXPECT_EQ(findings[0].compressed_label, 0);
  EXPECT_NEAR(findings[0].margin, 0.2, 1e-6);
  EXPECT_FLOAT_EQ(findings[0].original_score, 0.6F);
  EXPECT_EQ(findings[0].recorded_queries, 17);
  EXPECT_EQ(findings[0].closeness, findings[0].distances.l2);
  EXPECT_EQ(findings[1].state, CorpusState::fixed);
}

TEST_F(Corpus, IsEmptyWhereThereIsNoFolder) {
  EXPECT_THAT(replayed(), IsEmpty());
}

TEST_F(Corpus, KeepsTheLargerMarginOfTwoAlike) {
  add({grey_deviation("a", 110, 0.2), grey_deviation("a", 111, 0.3),
       grey_deviation("a", 112, 0.1)});
  EXPECT_THAT(folders(), SizeIs(1));
  const auto findings = replayed();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].recorded_margin, 0.3);
  // In another process, later.
  add({grey_deviation("a", 113, 0.25)});
  EXPECT_THAT(folders(), SizeIs(1));
  add({grey_deviation("a", 113, 0.4)});
  EXPECT_THAT(folders(), SizeIs(1));
  EXPECT_EQ(replayed().at(0).recorded_margin, 0.4);
}

TEST_F(Corpus, KeepsBothOfOtherSeedsLabelsOrRequests) {
  Deviation other_labels = grey_deviation("a", 110, 0.2);
  other_labels.compressed_label = 2;
  add({grey_deviation("a", 110, 0.2), grey_deviation("b", 110, 0.2), other_labels});
  add({grey_deviation("a", 110, 0.2)}, Options().margin(0.1));
  add({grey_deviation("a", 110, 0.2)}, Options().objective(Objective::worst));
  EXPECT_THAT(folders(), SizeIs(5));
}

TEST_F(Corpus, ReplaysTheLargerMarginOfDuplicatesThatTwoProcessesLeft) {
  // Each saw an empty corpus.
  CorpusWriter one(folder_, pair_.original, pair_.compressed, {});
  CorpusWriter two(folder_, pair_.original, pair_.compressed, {});
  one.add(grey_deviation("a", 110, 0.2));
  two.add(grey_deviation("a", 111, 0.3));
  two.add(grey_deviation("b", 110, 0.2));
  one.add(grey_deviation("b", 110, 0.2));
  EXPECT_EQ(one.added(), 1U);
  EXPECT_THAT(folders(), SizeIs(3));
  const auto findings = replayed();
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].recorded_margin, 0.3);
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
  EXPECT_EQ(findings[0].seed_id, "b");
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
  for (const char* option : {"criterion", "rotate", "objective"}) json["options"].erase(option);
  write_atomically(file, json.dump());
  EXPECT_EQ(replayed().at(0).state, CorpusState::deviates);
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

TEST_F(Corpus, ThatCannotBeMadeIsAnError) {
  write_atomically(folder_, "a file");
  EXPECT_THAT(message_of<FindingError>([&] { add({}); }),
              testing::AllOf(HasSubstr("cannot write to the corpus '" + folder_ + "'"),
                             HasSubstr("update_corpus: false")));
}

}  // namespace
}  // namespace dflare::test
