// Not to compile: a number is no compressed model.

#include "dflare/gmock.hpp"

void wrong(const dflare::SeedSet& seeds) {
  EXPECT_THAT(3, dflare::AgreesWith("original.pt", seeds));
}
