// Does not compile: the assertion lacks an argument. The test looks at the message.

#include "dflare/gtest.hpp"

TEST(Wrong, Count) {
  EXPECT_NO_DEVIATION("a.pt", "b.pt");
}
