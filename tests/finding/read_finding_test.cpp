// What read_finding() makes of a finding.json; replays, corpora and reports read by it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "finding/fakes.hpp"
#include "finding/finding_json.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class ReadFinding : public testing::Test {
 protected:
  void SetUp() override {
    deviation_.seed.label = 1;
    deviation_.transformation = some_transformation();
    write();
  }
  void write(const Options& options = Options().margin(0.15)) {
    FindingWriter writer(fresh_folder(), pair_.original, pair_.compressed, some_seeds(), options);
    writer.deviation(deviation_);
    folder_ = writer.folder_of(deviation_.seed.id);
    whole_ = content_of(folder_ + "/finding.json");
  }
  template <class Change>
  void change_json(Change change) const {
    json content = json::parse(whole_);
    change(content);
    write_atomically(folder_ + "/finding.json", content.dump());
  }
  std::string error() const {
    return message_of<FindingError>([&] { read_finding(folder_); });
  }

  Pair pair_;
  Deviation deviation_ = deviation_of("a/17");
  std::string folder_, whole_;
};

TEST_F(ReadFinding, HasAllThatWasWritten) {
  const Finding finding = read_finding(folder_);
  EXPECT_EQ(finding.folder, folder_);
  EXPECT_EQ(finding.seed_id, "a/17");
  EXPECT_EQ(finding.position, 3U);
  EXPECT_EQ(finding.true_label, 1);
  EXPECT_FALSE(finding.as_it_is);
  EXPECT_EQ(finding.queries, 17);
  EXPECT_EQ(finding.gradients, 5);
  EXPECT_EQ(finding.paths, 2);
  EXPECT_EQ(finding.original_scores, deviation_.original_scores);
  EXPECT_EQ(finding.compressed_scores, deviation_.compressed_scores);
  const Measurement measured = measurement_of(deviation_.answer());
  EXPECT_EQ(finding.original_label, measured.original_label);
  EXPECT_EQ(finding.compressed_label, measured.compressed_label);
  EXPECT_EQ(finding.original_score, measured.original_score);
  EXPECT_EQ(finding.compressed_score, measured.compressed_score);
  EXPECT_EQ(finding.regret, measured.regret);
  EXPECT_EQ(finding.margin, measured.margin);
  EXPECT_EQ(finding.distances.l2, deviation_.distances.l2);
  EXPECT_EQ(finding.distances.l_inf, deviation_.distances.l_inf);
  EXPECT_EQ(finding.distances.ssim, deviation_.distances.ssim);
  EXPECT_EQ(finding.difference_gain, 127 / deviation_.distances.l_inf);
  EXPECT_EQ(finding.transformation, some_transformation());
  ASSERT_EQ(finding.history.size(), 2U);
  EXPECT_EQ(finding.history[0].name, "rotation");
  EXPECT_EQ(finding.history[0].strength, 12.25);
  EXPECT_EQ(finding.history[0].unit, "degrees");
  EXPECT_EQ(finding.history[1].name, "scale");
  EXPECT_EQ(finding.options.at("criterion"), "margin >= 0.15");
  EXPECT_EQ(criterion_of(finding).text(), "margin >= 0.15");
  EXPECT_EQ(finding.original.name, "the original");
  EXPECT_EQ(finding.compressed.name, "the compressed");
  EXPECT_TRUE(finding.compressed.in_memory());
}

TEST_F(ReadFinding, RefusesEachFieldThatIsMissingOrOfAnotherType) {
  for (const char* field :
       {"/seed/id", "/seed/position", "/as_it_is", "/queries", "/original/scores",
        "/compressed/scores", "/original/label", "/compressed/label", "/margin", "/history",
        "/distances/l2", "/distances/l_inf", "/distances/ssim", "/difference_gain",
        "/models/original/sha256", "/models/compressed/input/size"}) {
    const auto expected =
        AllOf(HasSubstr("'" + folder_ + "/finding.json' is damaged"), HasSubstr(field));
    const json::json_pointer at(field);
    change_json([&](json& content) { content[at.parent_pointer()].erase(at.back()); });
    EXPECT_THAT(error(), expected) << "missing";
    change_json([&](json& content) { content[at] = json({{"no", "such type"}}); });
    EXPECT_THAT(error(), expected) << "mistyped";
  }
}

TEST_F(ReadFinding, RefusesWhatIsOfAnotherTypeWhereItIsThere) {
  for (const char* field :
       {"/seed/label", "/gradients", "/paths", "/regret", "/transformation", "/options",
        "/options/criterion", "/history/0/strength", "/history/1/unit"}) {
    change_json([&](json& content) { content[json::json_pointer(field)] = json::array({"a"}); });
    EXPECT_THAT(error(), AllOf(HasSubstr("is damaged"), HasSubstr(field)));
  }
}

TEST_F(ReadFinding, RefusesALabelThatIsNoClassOfTheScores) {
  for (const char* field : {"/original/label", "/compressed/label"}) {
    for (const int label : {-1, 2}) {
      change_json([&](json& content) { content[json::json_pointer(field)] = label; });
      EXPECT_THAT(error(), AllOf(HasSubstr(field), HasSubstr("expected a class from 0 to 1")));
    }
  }
}

TEST_F(ReadFinding, RefusesScoresOfAnotherNumber) {
  change_json([](json& content) { content["compressed"]["scores"] = {0.5}; });
  EXPECT_THAT(error(), AllOf(HasSubstr("holds 2 and 1 scores; expected as many of each model"),
                             HasSubstr("'/compressed/scores' is damaged (1 scores, expected 2")));
  change_json([](json& content) {
    for (const char* model : {"original", "compressed"}) content[model]["scores"] = json::array();
  });
  EXPECT_THAT(error(), HasSubstr("holds 0 and 0 scores"));
}

TEST_F(ReadFinding, OfVersionOneLacksWhatThatHadNot) {
  change_json([](json& content) {
    content["dflare_finding"] = 1;
    for (const char* key : {"transformation", "gradients", "paths", "regret"}) content.erase(key);
    content["options"].erase("criterion");
  });
  const Finding finding = read_finding(folder_);
  EXPECT_FALSE(finding.transformation);
  EXPECT_EQ(finding.gradients, 0);
  EXPECT_EQ(finding.paths, 0);
  EXPECT_EQ(finding.regret, deviation_.regret) << "of the scores";
  EXPECT_EQ(criterion_of(finding).text(), "label");
}

TEST_F(ReadFinding, OfACriterionThatNobodyRegisteredIsReadAndNotJudged) {
  change_json([](json& content) { content["options"]["criterion"] = "my_own >= 3"; });
  const Finding finding = read_finding(folder_);
  EXPECT_EQ(finding.options.at("criterion"), "my_own >= 3");
  EXPECT_THAT(message_of<FindingError>([&] { criterion_of(finding); }),
              AllOf(HasSubstr("'" + folder_ + "/finding.json' cannot be judged by its criterion"),
                    HasSubstr("register it in this program")));
}

}  // namespace
}  // namespace dflare::test
