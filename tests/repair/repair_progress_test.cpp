#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "support/own_clock.hpp"
#include "tool/progress.hpp"

namespace {

using dflare::StatusLine;
using dflare::repair::stage_text;
using dflare::repair::StageDisplay;
using dflare::test::OwnClock;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(RepairProgress, SaysHowFarAndHowLong) {
  EXPECT_EQ(stage_text({"training, round 2 of 3", 120, 480, 4, "loss 0.0123"}),
            "training, round 2 of 3: 120 of 480, loss 0.0123, about 12 s left");
  EXPECT_EQ(stage_text({"searching the training seeds", 10, 1000, 60, ""}),
            "searching the training seeds: 10 of 1000, about 99 min left");
}

TEST(RepairProgress, PromisesNothingBeforeTheFirstAndAfterTheLast) {
  EXPECT_EQ(stage_text({"training", 0, 480, 4, ""}), "training: 0 of 480");
  EXPECT_EQ(stage_text({"training", 480, 480, 4, ""}), "training: 480 of 480");
  EXPECT_EQ(stage_text({"loading", 0, 0, 4, ""}), "loading");
  EXPECT_EQ(stage_text({"loading", 0, 0, 4, "b.pt"}), "loading: b.pt");
}

TEST(RepairProgress, ElsewhereThanOnATerminalAStageIsALine) {
  StageDisplay display(StatusLine::Mode::lines);
  ::testing::internal::CaptureStderr();
  display.show({"searching", 0, 10, 0, ""});
  display.show({"searching", 5, 10, 1, ""});
  display.show({"training", 0, 4, 0, ""});
  display.clear();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "[ repair ] searching: 0 of 10\n[ repair ] training: 0 of 4\n");
}

TEST(RepairProgress, OnATerminalALineIsDrawnAgainAndTakenOff) {
  OwnClock clock;
  StageDisplay display(StatusLine::Mode::live, clock);
  ::testing::internal::CaptureStderr();
  display.show({"searching", 0, 10, 0, ""});
  display.show({"searching", 4, 10, 1, ""});
  clock.go_on(std::chrono::milliseconds(200));
  display.show({"searching", 5, 10, 1, ""});
  display.clear();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "\r\x1b[K[ repair ] searching: 0 of 10"
            "\r\x1b[K[ repair ] searching: 5 of 10, about 1 s left\r\x1b[K");
}

TEST(RepairProgress, OffSaysNothing) {
  StageDisplay display(StatusLine::Mode::off);
  ::testing::internal::CaptureStderr();
  display.show({"searching", 0, 10, 0, ""});
  display.clear();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
