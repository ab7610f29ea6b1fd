#include <gtest/gtest.h>

#include "check/progress_display.hpp"
#include "support/own_clock.hpp"

namespace {

using dflare::Progress;
using dflare::checking::progress_text;
using dflare::checking::ProgressDisplay;
using dflare::test::OwnClock;

TEST(Progress, SaysHowFarAndHowLong) {
  EXPECT_EQ(progress_text("W8", {300, 100, 80, 5000, 10}),
            "W8: 100 of 300 seeds, 80 deviate, 500 queries/s, about 20 s left");
  EXPECT_EQ(progress_text("W8", {300, 100, 80, 5000, 100}),
            "W8: 100 of 300 seeds, 80 deviate, 50 queries/s, about 3 min left");
}

TEST(Progress, PromisesNothingBeforeTheFirstSeedAndAfterTheLast) {
  EXPECT_EQ(progress_text("W8", {300, 0, 0, 0, 0}), "W8: 0 of 300 seeds, 0 deviate");
  EXPECT_EQ(progress_text("W8", {300, 300, 80, 500, 10}),
            "W8: 300 of 300 seeds, 80 deviate, 50 queries/s");
}

TEST(Progress, ALiveLineIsDrawnAfterAPauseAndTakenOffAgain) {
  OwnClock clock;
  ProgressDisplay display("W8", ProgressDisplay::Mode::live, clock);
  ::testing::internal::CaptureStderr();
  display.show({4, 1, 0, 10, 1});
  clock.go_on(std::chrono::milliseconds(200));
  display.show({4, 2, 0, 10, 1});
  display.show({4, 3, 0, 10, 1});
  display.clear();
  display.clear();
  EXPECT_EQ(
      ::testing::internal::GetCapturedStderr(),
      "\r\x1b[K[ dflare   ] W8: 2 of 4 seeds, 0 deviate, 10 queries/s, about 1 s left\r\x1b[K");
}

TEST(Progress, OffSaysNothing) {
  OwnClock clock;
  ProgressDisplay display("W8", ProgressDisplay::Mode::off, clock);
  ::testing::internal::CaptureStderr();
  clock.go_on(std::chrono::hours(1));
  display.show({2, 1, 0, 10, 1});
  display.clear();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
