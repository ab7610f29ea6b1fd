#include <fmt/format.h>

#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// A run of c.yaml that is interrupted while it trains this round of two, with what it says of its
/// progress.
Ended run_and_interrupt(const std::string& folder, int round) {
  return run_in(folder, fmt::format(R"({} c.yaml 2>progress &
while ! grep -q 'training, round {} of at most 2' progress && kill -0 $! 2>&-; do sleep 0.02; done
kill -INT $!
wait $!; status=$?
cat progress
exit $status)",
                                    DFLARE_REPAIR_PROGRAM, round));
}

TEST_F(RepairRun, AnInterruptedRunGoesOn) {
  write("c.yaml", config("", "", "learning_rate: 0.001, steps: 400")
                      .replace(config().find("steps: 20, "), 11, ""));
  ASSERT_EQ(run("c.yaml --out=whole").status, 0);
  ASSERT_EQ(report("whole").at("rounds").size(), 3U);

  const Ended ended = run_and_interrupt(folder_, 2);
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[ dflare   ] interrupted: stopping"));
  EXPECT_THAT(ended.output, HasSubstr("dflare-repair: training was interrupted; --resume goes on "
                                      "after the last finished round\n"));
  EXPECT_FALSE(exists("out/repaired.pt"));
  EXPECT_FALSE(exists("out/report.json"));
  ASSERT_TRUE(exists("out/state.bin"));
  const std::string state = file("out/state.bin");

  // Of another configuration, or damaged.
  const std::string whole = file("c.yaml");
  write("d.yaml", config());
  expect_error(
      "the interrupted repair had another dflare, other settings, models or seeds; run with those, "
      "or "
      "without --resume to begin anew",
      "d.yaml --resume");
  for (const std::string& damaged :
       {std::string("damaged"), state.substr(0, state.size() / 2), std::string()}) {
    write("out/state.bin", damaged);
    expect_error("out/state.bin: this is no state of a repair, or a damaged one",
                 "c.yaml --resume");
  }
  write("out/state.bin", state);

  const Ended resumed = run("c.yaml --resume");
  EXPECT_EQ(resumed.status, 0) << resumed.output;
  EXPECT_THAT(resumed.output, Not(HasSubstr("training, round 1")));
  EXPECT_THAT(resumed.output, HasSubstr("training, round 2"));
  EXPECT_THAT(resumed.output, Not(HasSubstr("searching the training seeds")));
  EXPECT_EQ(file("out/repaired.pt"), file("whole/repaired.pt"));
  EXPECT_EQ(report("out"), report("whole"));
  EXPECT_EQ(file("out/findings.json"), file("whole/findings.json"));
  EXPECT_FALSE(exists("out/state.bin"));
}

TEST_F(RepairRun, ResumeIsNotAdvisedWhereNoRoundWasFinished) {
  write("c.yaml", config("", "", "learning_rate: 0.001, steps: 400000")
                      .replace(config().find("steps: 20, "), 11, ""));
  const Ended ended = run_and_interrupt(folder_, 1);
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("training was interrupted; no round was finished"));
  EXPECT_THAT(ended.output, Not(HasSubstr("--resume")));
  EXPECT_FALSE(exists("out/state.bin"));
}

TEST_F(RepairRun, WithoutResumeAnInterruptedRunBeginsAnew) {
  fs::create_directory(path("out"));
  write("out/state.bin", "damaged");
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("training, round 1"));
}

TEST_F(RepairRun, ThereHasToBeSomethingToResume) {
  write("c.yaml", config());
  expect_error("there is no interrupted repair in '" + path("out") + "'", "c.yaml --resume");
}

}  // namespace
}  // namespace dflare::test
