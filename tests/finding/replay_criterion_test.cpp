// By what a replay judges, and what it makes of the transformation of a finding.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "finding/fakes.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FakeModel answering(std::vector<float> scores, const std::string& name) {
  return {[scores](const Image&, std::size_t, std::size_t) { return scores; }, in_memory(name)};
}

class ReplayByCriterion : public testing::Test {
 protected:
  void write(const std::string& criterion, std::optional<int> true_label = {}) {
    deviation_.seed.label = true_label;
    write(Options().criterion(Criteria::parse(criterion)));
  }
  void write(const Options& options) {
    FindingWriter writer(fresh_folder(), pair_.original, pair_.compressed, some_seeds(), options);
    writer.deviation(deviation_);
    finding_ = writer.folder_of(deviation_.seed.id);
  }

  template <class Change>
  void change_json(Change change) const {
    const std::string path = finding_ + "/finding.json";
    json content = json::parse(content_of(path));
    change(content);
    write_atomically(path, content.dump());
  }

  Replay seen() { return replay(finding_, pair_.original, pair_.compressed); }
  bool deviates(const std::vector<float>& original, const std::vector<float>& compressed) const {
    FakeModel o = answering(original, "the original"), c = answering(compressed, "the compressed");
    return replay(finding_, o, c).deviates;
  }

  Pair pair_;  // sure of its labels by 0.6 to 0.4
  Deviation deviation_ = deviation_of("17");
  std::string finding_;
};

TEST_F(ReplayByCriterion, AMarginThatIsTooSmallIsNoDeviationAnyMore) {
  write("margin >= 0.15");
  EXPECT_TRUE(seen().deviates);
  EXPECT_EQ(seen().criterion, "margin >= 0.15");
  EXPECT_TRUE(deviates({0.6F, 0.4F}, {0.4F, 0.6F}));
  EXPECT_FALSE(deviates({0.6F, 0.4F}, {0.45F, 0.55F}));
}

TEST_F(ReplayByCriterion, ACriterionWithoutLabelsNeedsNone) {
  write("total_variation >= 0.3");
  EXPECT_TRUE(deviates({0.6F, 0.4F}, {0.95F, 0.05F}));
  EXPECT_FALSE(deviates({0.6F, 0.4F}, {0.4F, 0.6F}));
}

TEST_F(ReplayByCriterion, TheTrueLabelIsTheSeedInputs) {
  write("harmful", 1);
  EXPECT_TRUE(deviates({0.4F, 0.6F}, {0.6F, 0.4F}));
  EXPECT_FALSE(deviates({0.6F, 0.4F}, {0.4F, 0.6F})) << "the original is wrong itself";
}

TEST_F(ReplayByCriterion, ARegretNeedsNoSureCompressedModel) {
  write("regret >= 0.15");
  EXPECT_TRUE(deviates({0.4F, 0.6F}, {0.5001F, 0.4999F}));
  EXPECT_FALSE(deviates({0.45F, 0.55F}, {0.9F, 0.1F}));
}

TEST_F(ReplayByCriterion, ADeadModelTakesNoDeviationBack) {
  for (const char* criterion :
       {"label", "regret >= 0.15", "harmful", "targeted = 1 0", "top_k = 1"}) {
    write(criterion, 1);
    EXPECT_TRUE(deviates({0.4F, 0.6F}, {0.5F, 0.5F})) << criterion;
    EXPECT_FALSE(deviates({0.4F, 0.6F}, {0.4F, 0.6F})) << criterion;
  }
  FakeModel o = answering({0.4F, 0.6F}, "the original"), dead = answering({0.5F, 0.5F}, "dead");
  const Replay seen = replay(finding_, o, dead);
  EXPECT_EQ(seen.compressed_label, 0) << "of the two, that which the original likes less";
  EXPECT_NEAR(seen.regret, 0.2, 1e-6);
  EXPECT_EQ(seen.margin, 0);
}

TEST_F(ReplayByCriterion, AMarginAsksBothModelsAsItDid) {
  write("margin >= 0.15");
  EXPECT_FALSE(deviates({0.4F, 0.6F}, {0.5F, 0.5F}));
}

TEST_F(ReplayByCriterion, TheRegretOfAnOlderFindingIsThatOfItsScores) {
  write("margin >= 0.15");
  change_json([](json& content) {
    content.erase("regret");
    for (const char* model : {"original", "compressed"}) content["models"][model].erase("scores");
  });
  EXPECT_EQ(seen().recorded.regret, deviation_.regret);
  EXPECT_THAT(seen().warnings, IsEmpty());
  change_json([](json& content) { content["compressed"]["scores"] = {0.5}; });
  EXPECT_THAT(message_of<FindingError>([&] { seen(); }),
              AllOf(HasSubstr("is damaged"), HasSubstr("/compressed/scores")));
}

TEST_F(ReplayByCriterion, OfVersionOneIsByLabel) {
  write("margin >= 0.15");
  change_json([](json& content) {
    content["dflare_finding"] = 1;
    content["options"].erase("criterion");
    for (const char* key : {"transformation", "gradients", "paths", "regret"}) content.erase(key);
  });
  EXPECT_EQ(seen().criterion, "label");
  EXPECT_FALSE(seen().recorded.transformation);
  EXPECT_THAT(seen().warnings, IsEmpty());
  EXPECT_TRUE(deviates({0.6F, 0.4F}, {0.45F, 0.55F}));
}

TEST_F(ReplayByCriterion, ACriterionThatNobodyRegisteredIsRefused) {
  write("label");
  change_json([](json& content) { content["options"]["criterion"] = "my_own >= 3"; });
  EXPECT_THAT(message_of<FindingError>([&] { seen(); }),
              AllOf(HasSubstr(finding_ + "/finding.json"), HasSubstr("unknown criterion 'my_own'"),
                    HasSubstr("register it")));
}

TEST_F(ReplayByCriterion, ACriterionThatIsNoTextIsDamage) {
  write("label");
  change_json([](json& content) { content["options"]["criterion"] = 5; });
  EXPECT_THAT(message_of<FindingError>([&] { seen(); }),
              AllOf(HasSubstr("is damaged"), HasSubstr("/options/criterion")));
}

TEST_F(ReplayByCriterion, ATrueLabelThatIsNoNumberIsDamage) {
  write("label");
  change_json([](json& content) { content["seed"]["label"] = "seven"; });
  EXPECT_THAT(message_of<FindingError>([&] { seen(); }),
              AllOf(HasSubstr("is damaged"), HasSubstr("/seed/label")));
}

TEST_F(ReplayByCriterion, ModelsWithoutTheClassesThatItNamesAreRefused) {
  write("targeted = 3 5");
  EXPECT_THAT(message_of<ModelError>([&] { seen(); }),
              AllOf(HasSubstr("models of 2 classes"), HasSubstr("targeted")));
}

TEST_F(ReplayByCriterion, ATransformationComesBackBitForBit) {
  deviation_.transformation = some_transformation();
  deviation_.mutant = some_transformation().apply(deviation_.seed.image);
  write("label");
  ASSERT_TRUE(seen().recorded.transformation);
  EXPECT_EQ(*seen().recorded.transformation, some_transformation());
  EXPECT_THAT(seen().warnings, IsEmpty());
}

TEST_F(ReplayByCriterion, WarnsWhereATransformationMakesAnotherMutant) {
  deviation_.transformation = some_transformation();
  deviation_.mutant = some_transformation().apply(deviation_.seed.image);
  deviation_.mutant.data[0] ^= 1;
  write("label");
  EXPECT_THAT(seen().warnings,
              ElementsAre(AllOf(HasSubstr("transformation of the finding (rotated 0.3 degrees"),
                                HasSubstr("another image"), HasSubstr("mutant.png"))));
}

TEST_F(ReplayByCriterion, ATransformationThatLacksANumberIsDamage) {
  deviation_.transformation = some_transformation();
  write("label");
  for (const char* key :
       {"rotate", "right", "down", "scale", "shear", "contrast", "brightness", "dither"}) {
    const std::string whole = content_of(finding_ + "/finding.json");
    change_json([key](json& content) { content["transformation"].erase(key); });
    EXPECT_THAT(message_of<FindingError>([&] { seen(); }),
                AllOf(HasSubstr("is damaged"), HasSubstr(std::string("/transformation/") + key)));
    write_atomically(finding_ + "/finding.json", whole);
  }
}

}  // namespace
}  // namespace dflare::test
