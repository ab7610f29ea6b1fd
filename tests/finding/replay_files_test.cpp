// Replays on model files: those that run.json names where it is trusted, else the user's own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/random.hpp"
#include "finding/fakes.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

InputSpec colour_8x8() {
  InputSpec input;
  input.size = {8, 8};
  input.channels = 3;
  input.mean = {0.4F, 0.5F, 0.6F};
  input.stddev = {0.2F, 0.3F, 0.25F};
  return input;
}

std::vector<float> scores_of(Model& model, const Image& image) {
  const Scores scores = model.predict(image);
  return {scores.row(0), scores.row(0) + scores.classes()};
}

/// Noise on which the two deviate; a pair that never does fails the test.
Deviation deviation_between(Model& original, Model& compressed) {
  Random random(1);
  Deviation deviation;
  deviation.seed = {"17", picture(8, 8, 3), {}};
  deviation.mutant = Image(8, 8, CV_8UC3);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    for (int i = 0; i < 8 * 8 * 3; ++i)
      deviation.mutant.data[i] = static_cast<uchar>(random.integer(0, 255));
    deviation.original_scores = scores_of(original, deviation.mutant);
    deviation.compressed_scores = scores_of(compressed, deviation.mutant);
    if (!deviates(deviation.answer())) continue;
    deviation.original_label = top_label(deviation.answer().original);
    deviation.compressed_label = top_label(deviation.answer().compressed);
    deviation.regret = deviation_regret(deviation.answer());
    deviation.margin = deviation_margin(deviation.answer());
    return deviation;
  }
  throw Error("the models of the test never deviate");
}

class ReplayOfFiles : public testing::Test {
 protected:
  void SetUp() override {
    save_linear(original_, 3, 8, 8, 10);
    save_linear(compressed_, 3, 8, 8, 10, 0.5);
    write_finding(original_, compressed_);
  }

  void write_finding(const std::string& original_path, const std::string& compressed_path) {
    const auto original = load(original_path, colour_8x8());
    const auto compressed = load(compressed_path, colour_8x8());
    deviation_ = deviation_between(*original, *compressed);
    const SeedSet seeds = SeedSet::images({deviation_.seed.image});
    FindingWriter writer(folder_ + "/out", *original, *compressed, seeds, {});
    writer.deviation(deviation_);
    finding_ = writer.folder_of("17");
  }

  /// On what run.json names.
  Replay trusting(const std::string& compressed = "") {
    return replay(finding_, "", compressed, recorded_);
  }

  ReplayTrust recorded_{{}, "", true};
  const std::string folder_ = fresh_folder();
  const std::string original_ = folder_ + "/o.pt", compressed_ = folder_ + "/c.pt";
  Deviation deviation_;
  std::string finding_;
};

TEST_F(ReplayOfFiles, SeesTheVeryScores) {
  const Replay seen = trusting();
  EXPECT_TRUE(seen.deviates);
  EXPECT_EQ(seen.original_scores, deviation_.original_scores);
  EXPECT_EQ(seen.compressed_scores, deviation_.compressed_scores);
  EXPECT_EQ(seen.original_label, deviation_.original_label);
  EXPECT_EQ(seen.compressed_label, deviation_.compressed_label);
  EXPECT_EQ(seen.regret, seen.recorded.regret);
  EXPECT_EQ(seen.margin, seen.recorded.margin);
  EXPECT_EQ(seen.original.path, original_);
  EXPECT_EQ(seen.compressed.path, compressed_);
  EXPECT_THAT(seen.warnings, IsEmpty());
}

TEST_F(ReplayOfFiles, FindsModelsThatWereGivenRelativeToAnotherFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write_finding("o.pt", "c.pt");
  fs::current_path(before);
  EXPECT_TRUE(trusting().deviates);
}

TEST_F(ReplayOfFiles, UsesOtherFilesWhereGiven) {
  const Replay both_the_same = trusting(original_);
  EXPECT_FALSE(both_the_same.deviates);
  EXPECT_EQ(both_the_same.compressed.path, original_);
  EXPECT_THAT(both_the_same.warnings,
              ElementsAre(AllOf(HasSubstr("compressed"), HasSubstr("has changed"),
                                HasSubstr("'o.pt'"), HasSubstr("'c.pt'"))));
}

TEST_F(ReplayOfFiles, WarnsOfAFileThatChanged) {
  save_linear(compressed_, 3, 8, 8, 10, 0.25);
  EXPECT_THAT(trusting().warnings,
              ElementsAre(AllOf(HasSubstr("compressed model's file has changed"))));
}

TEST_F(ReplayOfFiles, SaysWhichFileIsGoneAndTakesAnother) {
  fs::rename(compressed_, folder_ + "/moved.pt");
  EXPECT_THAT(message_of<FindingError>([&] { trusting(); }),
              AllOf(HasSubstr("compressed"), HasSubstr("'" + compressed_ + "'"),
                    HasSubstr("'" + finding_ + "'"), HasSubstr("give the file 'c.pt'")));
  const Replay seen = trusting(folder_ + "/moved.pt");
  EXPECT_TRUE(seen.deviates);
  EXPECT_THAT(seen.warnings, IsEmpty());
}

TEST_F(ReplayOfFiles, RefusesAGivenFileThatIsNotThere) {
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_, "nowhere/x.pt"); }),
              AllOf(HasSubstr("original"), HasSubstr("'nowhere/x.pt'"), HasSubstr("is not there")));
}

TEST_F(ReplayOfFiles, NeedsTheRunFileOrBothModels) {
  fs::remove(folder_ + "/out/run.json");
  const auto expected = AllOf(HasSubstr(folder_ + "/out/run.json"), HasSubstr("is not there"),
                              HasSubstr("give the files of both models"));
  EXPECT_THAT(message_of<FindingError>([&] { trusting(); }), expected);
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_, original_); }), expected);
  EXPECT_TRUE(replay(finding_, original_, compressed_).deviates);
}

TEST_F(ReplayOfFiles, RefusesADamagedRunFile) {
  write_atomically(folder_ + "/out/run.json", R"({"dflare_run": 1})");
  EXPECT_THAT(message_of<FindingError>([&] { trusting(); }),
              AllOf(HasSubstr(folder_ + "/out/run.json"), HasSubstr("is damaged"),
                    HasSubstr("/models/original/path")));
}

TEST_F(ReplayOfFiles, WorksAfterAnInterruptedRunAndFromACopy) {
  const std::string copy = fresh_folder("copy");
  fs::create_directories(copy + "/elsewhere/17");
  for (const char* file : {"seed.png", "mutant.png", "finding.json"})
    fs::copy_file(finding_ + "/" + file, copy + "/elsewhere/17/" + file);
  fs::copy_file(folder_ + "/out/run.json", copy + "/elsewhere/run.json");
  EXPECT_TRUE(replay(copy + "/elsewhere/17", "", "", recorded_).deviates);
}

OwnModel own(const std::string& file) {
  OwnModel model;
  model.source = ModelFile{file};
  return model;
}

TEST_F(ReplayOfFiles, LoadsNothingThatOnlyTheFindingNames) {
  const auto refused =
      AllOf(HasSubstr("only data"), HasSubstr("original    the file '" + original_),
            HasSubstr("compressed  the file '" + compressed_),
            HasSubstr("dflare-test MANIFEST.yaml --dflare_replay="),
            HasSubstr("--dflare_original=FILE --dflare_compressed=FILE"),
            HasSubstr("--dflare_trust_recorded"));
  write_atomically(original_, "it would be an error to load this");
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_); }), refused);
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_, "", compressed_); }),
              AllOf(HasSubstr("only data"),
                    HasSubstr("--dflare_replay=" + finding_ + " --dflare_original=FILE\n")));
}

TEST_F(ReplayOfFiles, TakesTheUsersOwnFilesByTheirHash) {
  fs::rename(original_, folder_ + "/mine.pt");
  fs::rename(compressed_, folder_ + "/mine_too.pt");
  save_linear(folder_ + "/others.pt", 3, 8, 8, 10, 0.25);
  ReplayTrust trust;
  trust.pairs_from = "m.yaml";
  trust.pairs = {{"Others", own(folder_ + "/mine.pt"), own(folder_ + "/others.pt")}};
  EXPECT_THAT(message_of<FindingError>([&] { replay(finding_, "", "", trust); }),
              HasSubstr("no pair of 'm.yaml' has"));
  trust.pairs.push_back({"Mine", own(folder_ + "/mine.pt"), own(folder_ + "/mine_too.pt")});
  const Replay seen = replay(finding_, "", "", trust);
  EXPECT_TRUE(seen.deviates);
  EXPECT_EQ(seen.compressed.path, folder_ + "/mine_too.pt");
  // A file that is given goes before the pair's, whose other model is used.
  EXPECT_EQ(replay(finding_, "", folder_ + "/others.pt", trust).original.path,
            folder_ + "/mine.pt");
}

TEST_F(ReplayOfFiles, OfSeveralPairsThatMatchTakesThatOfTheFolder) {
  fs::copy_file(compressed_, folder_ + "/copy.pt");
  ReplayTrust trust;
  trust.pairs = {{"first", own(original_), own(compressed_)},
                 {"out", own(original_), own(folder_ + "/copy.pt")}};
  EXPECT_EQ(replay(finding_, "", "", trust).compressed.path, folder_ + "/copy.pt");
  trust.pairs[1].name = "other";
  EXPECT_EQ(replay(finding_, "", "", trust).compressed.path, compressed_);
}

TEST_F(ReplayOfFiles, FollowsNoLinkOutOfTheFinding) {
  fs::rename(finding_ + "/mutant.png", folder_ + "/private.png");
  fs::create_symlink(folder_ + "/private.png", finding_ + "/mutant.png");
  EXPECT_THAT(message_of<FindingError>([&] { trusting(); }),
              AllOf(HasSubstr(finding_ + "/mutant.png"), HasSubstr("is a symbolic link")));
}

}  // namespace
}  // namespace dflare::test
