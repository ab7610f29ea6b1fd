#include "repair/odd_models.hpp"
#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;

TEST_F(RepairRun, OtherClassesAreAnError) {
  save_cnn(path("b.pt"), 1, size, size, classes + 1);
  expect_error("the models do not fit each other: '" + path("a.pt") + "' answers 4 classes");
}

TEST_F(RepairRun, DamagedModelsAreErrors) {
  write("b.pt", "no model");
  expect_error("b.pt");
}

TEST_F(RepairRun, AnUnseenImageThatIsATrainingImageIsAnError) {
  fs::copy_file(path("training/7.png"), path("unseen/other_name.png"));
  expect_error(
      "unseen: 1 of its 21 images are among the training seeds ('other_name.png' of unseen is "
      "'7.png' of seeds)");
}

TEST_F(RepairRun, TrainingSeedsOfSeveralShapesAreAnErrorThatNamesOne) {
  write_png(path("training/7.png"), picture(size, size + 1, 1));
  for (const char* arguments : {"c.yaml --dry-run", "c.yaml"})
    expect_error("seeds: '0.png' is 12 x 12 x 1, '7.png' 12 x 13 x 1; repair trains on images of",
                 arguments);
  write_png(path("training/7.png"), picture(size, size, 3));
  expect_error("'7.png' 12 x 12 x 3; repair trains on images of one size and number of channels");
  EXPECT_FALSE(exists("out/findings"));
}

TEST_F(RepairRun, SeedsThatDoNotFitTheInputAreNamed) {
  write("c.yaml", config("", "input: {size: 12, channels: 1}\n"));
  write_png(path("unseen/103.png"), picture(size, size, 3));
  expect_error("unseen: '103.png': the image has 3 channel(s)", "c.yaml --dry-run");
  write_png(path("training/7.png"), picture(size, size + 1, 1));
  expect_error("seeds: '7.png': the image is 12 x 13 x 1", "c.yaml --dry-run");
}

TEST_F(RepairRun, OneTrainingSeedIsTooFew) {
  fs::create_directory(path("one"));
  fs::copy_file(path("training/0.png"), path("one/0.png"));
  fs::remove_all(path("training"));
  fs::rename(path("one"), path("training"));
  expect_error("seeds: 1 image; expected at least 2");
}

TEST_F(RepairRun, DivergingTrainingIsAnError) {
  write("c.yaml", config("", "", "learning_rate: 1e30"));
  expect_error("training diverged: the loss is ");
  expect_error("Lower train.learning_rate (1e+30) and run again");
}

TEST_F(RepairRun, AModelOfOneScoreIsAnError) {
  save_one_score(path("b.pt"));
  expect_error("compressed: '" + path("b.pt") +
               "' answers one score for two classes; repair trains scores of two classes or more");
}

TEST_F(RepairRun, APairThatTheExaminationRefusesIsNotSearched) {
  save_constant(path("b.pt"));
  for (const char* arguments : {"c.yaml", "c.yaml --dry-run"}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("dflare-repair: "));
    EXPECT_THAT(ended.output, HasSubstr(path("b.pt")));
  }
  EXPECT_FALSE(exists("out"));
}

}  // namespace
}  // namespace dflare::test
