// A test program as users write them, with dflare::gtest_main; user_program_test runs it.

#include "dflare/gtest.hpp"
#include "support/fake_models.hpp"

namespace {

dflare::SeedSet seeds() {
  return dflare::SeedSet::images({dflare::Image(8, 8, CV_8UC1, cv::Scalar(20))});
}

TEST(User, Same) {
  dflare::test::FakeModel a(dflare::test::brightness(0.5)), b(dflare::test::brightness(0.5));
  EXPECT_NO_DEVIATION(a, b, seeds());
}

TEST(User, Other) {
  dflare::test::FakeModel a(dflare::test::brightness(0.5)), b(dflare::test::brightness(-1, 0.2));
  EXPECT_NO_DEVIATION(a, b, seeds());
}

TEST(User, Worst) {
  dflare::test::FakeModel a(dflare::test::brightness(0.5)), b(dflare::test::brightness(0.5));
  EXPECT_WORST_DEVIATION_LE(a, b, seeds(), 0);
}

TEST(User, Closest) {
  dflare::test::FakeModel a(dflare::test::brightness(0.5)), b(dflare::test::brightness(0.5));
  EXPECT_CLOSEST_DEVIATION_GE(a, b, seeds(), 100);
}

}  // namespace
