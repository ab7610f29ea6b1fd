// Replays on models at hand, and of damaged findings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "finding/fakes.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReplayOnModels : public testing::Test {
 protected:
  void SetUp() override {
    FindingWriter writer(fresh_folder(), pair_.original, pair_.compressed, some_seeds(), {});
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
  std::string error() {
    return message_of<FindingError>([&] { replay(finding_, pair_.original, pair_.compressed); });
  }
  std::vector<std::string> warnings_of(FakeModel original) {
    return replay(finding_, original, pair_.compressed).warnings;
  }

  Pair pair_;
  const Deviation deviation_ = deviation_of("a/17");
  std::string finding_;
};

TEST_F(ReplayOnModels, SeesWhatWasFound) {
  const Replay seen = replay(finding_, pair_.original, pair_.compressed);
  EXPECT_TRUE(seen.deviates);
  EXPECT_EQ(seen.recorded.seed_id, "a/17");
  EXPECT_EQ(seen.original_label, 1);
  EXPECT_EQ(seen.compressed_label, 0);
  EXPECT_EQ(seen.recorded.original_label, 1);
  EXPECT_EQ(seen.recorded.compressed_label, 0);
  EXPECT_EQ(seen.original_scores, deviation_.original_scores);
  EXPECT_EQ(seen.compressed_scores, deviation_.compressed_scores);
  EXPECT_EQ(seen.regret, deviation_.regret);
  EXPECT_EQ(seen.recorded.regret, deviation_.regret);
  EXPECT_EQ(seen.margin, deviation_.margin);
  EXPECT_EQ(seen.recorded.margin, deviation_.margin);
  EXPECT_TRUE(same_pixels(seen.seed, deviation_.seed.image));
  EXPECT_TRUE(same_pixels(seen.mutant, deviation_.mutant));
  EXPECT_EQ(seen.original.name, "the original");
  EXPECT_EQ(seen.compressed.name, "the compressed");
  EXPECT_EQ(seen.recorded.folder, finding_);
  EXPECT_THAT(seen.warnings, IsEmpty());
}

TEST_F(ReplayOnModels, EvaluatesTheMutantAloneAndOnceMore) {
  replay(finding_, pair_.original, pair_.compressed);
  EXPECT_THAT(pair_.original.batches, ElementsAre(1, 1));
  EXPECT_THAT(pair_.compressed.batches, ElementsAre(1, 1));
}

TEST_F(ReplayOnModels, RefusesAModelThatAnswersDifferentlyWhenAskedAgain) {
  int asked = 0;
  FakeModel noisy(
      [&asked](const Image&, std::size_t, std::size_t) {
        return std::vector<float>{asked++ % 2 == 0 ? 0.0F : 0.1F, 1};
      },
      in_memory("noisy"));
  EXPECT_THAT(message_of<ModelError>([&] { replay(finding_, noisy, pair_.compressed); }),
              AllOf(HasSubstr("'noisy'"), HasSubstr("differently when it is asked again")));
}

TEST_F(ReplayOnModels, SeesThatARepairedModelDeviatesNoMore) {
  FakeModel repaired(bright_above(100), in_memory("the compressed"));
  const Replay seen = replay(finding_, pair_.original, repaired);
  EXPECT_FALSE(seen.deviates);
  EXPECT_EQ(seen.compressed_label, 1);
  EXPECT_EQ(seen.recorded.compressed_label, 0);
  EXPECT_EQ(seen.regret, 0);
  EXPECT_LE(seen.margin, 0);
}

TEST_F(ReplayOnModels, ATieTakesNoDeviationBack) {
  FakeModel tied(
      [](const Image&, std::size_t, std::size_t) {
        return std::vector<float>{0.5F, 0.5F};
      },
      in_memory("tied"));
  EXPECT_TRUE(replay(finding_, pair_.original, tied).deviates);
}

TEST_F(ReplayOnModels, TakesAFolderWithASlashAtItsEnd) {
  EXPECT_EQ(replay(finding_ + "/", pair_.original, pair_.compressed).recorded.folder, finding_);
}

TEST_F(ReplayOnModels, WarnsOfWhatIsNotAsItWas) {
  const auto answer = bright_above(100);
  ModelInfo info = in_memory("the original");
  info.runtime = "Fake 2";
  EXPECT_THAT(warnings_of({answer, info}),
              ElementsAre(AllOf(HasSubstr("original"), HasSubstr("runtime is Fake 2"),
                                HasSubstr("was Fake 1"))));
  info = in_memory("the original");
  info.engine = "qnnpack";
  EXPECT_THAT(warnings_of({answer, info}),
              ElementsAre(HasSubstr("quantised engine is qnnpack, and was none")));
  info = in_memory("the original");
  info.device = "cuda:0";
  EXPECT_THAT(warnings_of({answer, info}), ElementsAre(HasSubstr("device is cuda:0, and was cpu")));
  info.device = "";  // of a process
  EXPECT_THAT(warnings_of({answer, info}), IsEmpty());
  info = in_memory("the original");
  info.backend = "Other";
  EXPECT_THAT(warnings_of({answer, info}),
              ElementsAre(HasSubstr("backend is Other, and was Fake")));
  EXPECT_THAT(warnings_of({answer, of_file("x/y.pt")}),
              ElementsAre(AllOf(HasSubstr("the file 'y.pt'"),
                                HasSubstr("was a model in memory, 'the original'"))));
  InputSpec input = probabilities_of_grey(8);
  input.mean = {0.5F};
  EXPECT_THAT(warnings_of({answer, in_memory("the original"), input}),
              ElementsAre(HasSubstr("original model's input specification")));
}

TEST_F(ReplayOnModels, WarnsOfTheCompressedModelToo) {
  FakeModel other(bright_above(120), of_file("c.pt"));
  EXPECT_THAT(replay(finding_, pair_.original, other).warnings,
              ElementsAre(HasSubstr("the compressed model")));
}

TEST_F(ReplayOnModels, WarnsOfAFileThatChanged) {
  ModelInfo info = of_file("o.pt");
  const FakeModel before(bright_above(100), info);
  FindingWriter writer(fresh_folder(), before, pair_.compressed, some_seeds(), {});
  writer.deviation(deviation_);
  finding_ = writer.folder_of(deviation_.seed.id);
  EXPECT_THAT(warnings_of(before), IsEmpty());
  info.sha256 = "4567";
  EXPECT_THAT(warnings_of({bright_above(100), info}),
              ElementsAre(AllOf(HasSubstr("has changed"), HasSubstr("4567"), HasSubstr("0123"))));
}

TEST_F(ReplayOnModels, RefusesScoresThatAreNotFinite) {
  FakeModel broken(
      [](const Image&, std::size_t, std::size_t) {
        return std::vector<float>{NAN, 1};
      },
      in_memory("broken"));
  EXPECT_THAT(message_of<ModelError>([&] { replay(finding_, broken, pair_.compressed); }),
              AllOf(HasSubstr("'broken'"), HasSubstr("not finite")));
}

TEST_F(ReplayOnModels, RefusesModelsOfOtherClasses) {
  FakeModel three(
      [](const Image&, std::size_t, std::size_t) {
        return std::vector<float>{0.5F, 0.3F, 0.2F};
      },
      in_memory("three"));
  EXPECT_THAT(message_of<ModelError>([&] { replay(finding_, three, pair_.compressed); }),
              AllOf(HasSubstr("'three' answers 3 classes"), HasSubstr("'the compressed' answers 2"),
                    HasSubstr("same classes")));
}

TEST_F(ReplayOnModels, OfModelsInMemoryNeedsThem) {
  const auto expected = AllOf(HasSubstr("original model of '" + finding_ + "'"),
                              HasSubstr("in memory, 'the original'"),
                              HasSubstr("replay(folder, original, compressed)"));
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_); }), expected);
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_, "", "c.pt"); }), expected);
}

TEST_F(ReplayOnModels, RefusesAFolderThatIsNone) {
  finding_ += "18";
  EXPECT_THAT(error(),
              AllOf(HasSubstr("'" + finding_ + "' is no folder"), HasSubstr("finding.json")));
  finding_ = "";
  EXPECT_THAT(error(), HasSubstr("'' is no folder"));
}

TEST_F(ReplayOnModels, RefusesAFolderThatIsNoFinding) {
  finding_ = fresh_folder("empty");
  EXPECT_THAT(error(), HasSubstr(finding_ + "/finding.json"));
  write_atomically(finding_ + "/finding.json", R"({"kind": "mine"})");
  EXPECT_THAT(error(), AllOf(HasSubstr(finding_ + "/finding.json"),
                             HasSubstr("not written by dflare"), HasSubstr("check the path")));
}

TEST_F(ReplayOnModels, RefusesJsonThatIsCutOff) {
  const std::string path = finding_ + "/finding.json", content = content_of(path);
  write_atomically(path, content.substr(0, content.size() / 2));
  EXPECT_THAT(error(), AllOf(HasSubstr(path), HasSubstr("is damaged"), HasSubstr("search again")));
}

TEST_F(ReplayOnModels, RefusesANewerVersion) {
  change_json([](json& content) { content["dflare_finding"] = 3; });
  EXPECT_THAT(error(), AllOf(HasSubstr("newer dflare"), HasSubstr("is 3"), HasSubstr("knows 2"),
                             HasSubstr("use a newer dflare")));
}

TEST_F(ReplayOnModels, RefusesMissingAndMistypedFields) {
  const std::string whole = content_of(finding_ + "/finding.json");
  for (const char* field :
       {"/seed/id", "/original/label", "/compressed/label", "/margin", "/models/original/file",
        "/models/original/sha256", "/models/compressed/engine", "/models/original/input/size",
        "/models/original/input/mean", "/models/original/input/resize",
        "/models/compressed/input/layout", "/models/compressed/input/output"}) {
    const auto expected =
        AllOf(HasSubstr(finding_ + "/finding.json"), HasSubstr("is damaged"), HasSubstr(field));
    const json::json_pointer at(field);
    change_json([&](json& content) { content[at.parent_pointer()].erase(at.back()); });
    EXPECT_THAT(error(), expected) << "missing";
    write_atomically(finding_ + "/finding.json", whole);
    change_json([&](json& content) { content[at] = json({{"no", "such type"}}); });
    EXPECT_THAT(error(), expected) << "mistyped";
    write_atomically(finding_ + "/finding.json", whole);
  }
}

TEST_F(ReplayOnModels, RefusesNumbersBeyondTheirRange) {
  const std::string file = finding_ + "/finding.json", whole = content_of(file);
  const json transformation = {{"rotate", 0}, {"right", 0},    {"down", 0},       {"scale", 1},
                               {"shear", 0},  {"contrast", 1}, {"brightness", 0}, {"dither", 0}};
  const auto refusal = [&](const char* field, const json& value) {
    change_json([&](json& content) {
      content["transformation"] = transformation;
      content[json::json_pointer(field)] = value;
    });
    const std::string message = error();
    write_atomically(file, whole);
    return message;
  };
  const auto of = [&](const char* field) {
    return AllOf(HasSubstr(file), HasSubstr("is damaged"), HasSubstr(field), HasSubstr("expected"));
  };
  for (const char* field : {"/original/label", "/compressed/label", "/seed/label", "/queries",
                            "/transformation/dither"})
    EXPECT_THAT(refusal(field, 4294967324), of(field));
  EXPECT_THAT(refusal("/models/original/input/size", {4294967324, 28}),
              of("/models/original/input/size"));
  for (const char* name : {"rotate", "right", "down", "scale", "shear", "contrast", "brightness"})
    EXPECT_THAT(refusal((std::string("/transformation/") + name).c_str(), 1e308), of(name));
  EXPECT_THAT(refusal("/dflare_finding", 18446744073709551615U),
              AllOf(HasSubstr("newer dflare"), HasSubstr("is 18446744073709551615")));
  EXPECT_THAT(refusal("/dflare_finding", -1), of("/dflare_finding"));
}

TEST_F(ReplayOnModels, RefusesJsonThatIsNestedDeep) {
  const std::string deep(100'000, '[');
  write_atomically(finding_ + "/finding.json", R"({"dflare_finding": 1, "options": )" + deep +
                                                   std::string(deep.size(), ']') + "}");
  EXPECT_THAT(error(), AllOf(HasSubstr(finding_ + "/finding.json"), HasSubstr("is damaged"),
                             HasSubstr("nested deeper than 64 levels")));
}

TEST_F(ReplayOnModels, RefusesWordsThatItDoesNotKnow) {
  change_json([](json& content) { content["models"]["original"]["input"]["layout"] = "chwn"; });
  EXPECT_THAT(error(), AllOf(HasSubstr("/models/original/input/layout"), HasSubstr("'chwn'"),
                             HasSubstr("nchw or nhwc")));
}

TEST_F(ReplayOnModels, RefusesMissingOrDamagedPictures) {
  for (const char* picture : {"/seed.png", "/mutant.png"}) {
    const std::string path = finding_ + picture, whole = content_of(path);
    write_atomically(path, whole.substr(0, 30));
    EXPECT_THAT(error(), AllOf(HasSubstr("cannot be replayed"), HasSubstr(path))) << "damaged";
    fs::remove(path);
    EXPECT_THAT(error(),
                AllOf(HasSubstr("cannot be replayed"), HasSubstr(path), HasSubstr("search again")))
        << "missing";
    write_atomically(path, whole);
  }
}

}  // namespace
}  // namespace dflare::test
