// Does not compile: the assertion lacks arguments. The test names it, and looks at the message.

#include "dflare/gtest.hpp"

TEST(Wrong, Count) {
  DFLARE_ASSERTION("a.pt", "b.pt");
}
