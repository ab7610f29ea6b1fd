#include <gtest/gtest.h>

#include "progress_display.hpp"

namespace {

using dflare::Progress;
using dflare::gtest::progress_text;
using dflare::gtest::ProgressDisplay;

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

TEST(Progress, ALiveLineIsTakenOffAgain) {
  ProgressDisplay display("W8", ProgressDisplay::Mode::live);
  ::testing::internal::CaptureStderr();
  // The first line comes after a short pause.
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
       std::chrono::steady_clock::now() < end;) {
    display.show({2, 1, 0, 10, 1});
  }
  display.clear();
  display.clear();
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("\r\x1b[K[ dflare   ] W8: 1 of 2 seeds"), std::string::npos);
  EXPECT_EQ(text.substr(text.size() - 4), "\r\x1b[K");
  EXPECT_EQ(text.rfind("left\r\x1b[K"), text.size() - 8) << "taken off once";
}

TEST(Progress, OffSaysNothing) {
  ProgressDisplay display("W8", ProgressDisplay::Mode::off);
  ::testing::internal::CaptureStderr();
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
       std::chrono::steady_clock::now() < end;) {
    display.show({2, 1, 0, 10, 1});
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
