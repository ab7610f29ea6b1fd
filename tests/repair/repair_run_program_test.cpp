#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RepairRun, AnUnknownKeyIsAnErrorWithItsLine) {
  write("c.yaml", config("", "trian: {rounds: 1}\n"));
  expect_error("c.yaml:11:");
  expect_error("trian");
  write("c.yaml", config("", "unsen: unseen\n"));
  expect_error("did you mean 'unseen'");
  write("c.yaml", config("", "", "learning_rat: 0.1"));
  expect_error("did you mean 'learning_rate'");
}

TEST_F(RepairRun, NoConfigurationAndUnknownFlagsAreErrors) {
  expect_error("no configuration is given", "");
  expect_error("nowhere.yaml", "nowhere.yaml");
  expect_error("--unheard_of", "c.yaml --unheard_of");
  expect_error("--workers", "c.yaml --workers=-1");
}

TEST_F(RepairRun, PrintsAConfigurationHelpAndVersion) {
  const Ended printed = run("--print-config");
  EXPECT_EQ(printed.status, 0);
  EXPECT_THAT(printed.output, HasSubstr("\ndflare_repair: 1"));
  const Ended help = run("--help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.output, HasSubstr("Exit status: 0 repaired"));
  EXPECT_EQ(run("--version").status, 0);
}

TEST_F(RepairRun, ProgressOnAPipeIsPlainLines) {
  const Ended ended = run();
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] searching the training seeds"));
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] training, round 1 of at most 2: "));
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] searching the unseen seeds (worst), repaired"));
  EXPECT_THAT(ended.output, Not(HasSubstr("\r")));
  EXPECT_THAT(ended.output, Not(HasSubstr("\x1b")));
  EXPECT_EQ(run("c.yaml --quiet --out=quiet").output, "");
  EXPECT_TRUE(exists("quiet/report.txt"));
}

TEST_F(RepairRun, WithoutThreadsItSaysSoAndDoesNotAbort) {
  write("c.yaml", config());
  const Ended ended =
      run_in(folder_, "OPENBLAS_NUM_THREADS=1 DFLARE_TEST_THREADS=0 LD_PRELOAD=" DFLARE_FEW_THREADS
                      " " DFLARE_REPAIR_PROGRAM " c.yaml --workers=4");
  EXPECT_THAT(ended.output, HasSubstr("note: only 1 of 2 workers could be started"));
  // LibTorch may need a thread of its own to train.
  EXPECT_THAT(ended.status, ::testing::AnyOf(0, 2)) << ended.output;
  EXPECT_EQ(exists("out/repaired.pt"), ended.status == 0);
}

}  // namespace
}  // namespace dflare::test
