#pragma once

#include <string>
#include <utility>

#include "dflare/search.hpp"
#include "expectation.hpp"

namespace dflare::test {

inline SeedResult seed_result(std::size_t position, Outcome outcome, int queries = 0) {
  SeedResult seed;
  seed.position = position;
  seed.outcome = outcome;
  seed.queries = queries;
  return seed;
}

inline gtest::Expectation rate_le(double bound) {
  gtest::Expectation expectation;
  expectation.rate_le = bound;
  return expectation;
}
inline gtest::Expectation margin_le(double bound) {
  gtest::Expectation expectation;
  expectation.margin_le = bound;
  return expectation;
}
inline gtest::Expectation distance_ge(double bound) {
  gtest::Expectation expectation;
  expectation.distance_ge = bound;
  return expectation;
}

/// A deviation from label 7 to label 2.
inline SeedResult deviating(std::size_t position, Outcome outcome, double margin, int queries) {
  SeedResult seed = seed_result(position, outcome, queries);
  seed.original_label = 7;
  seed.original_score = 0.625F;
  seed.compressed_label = 2;
  seed.compressed_score = 0.71F;
  seed.margin = margin;
  seed.distances.l_inf = 34;
  seed.distances.ssim = 0.93;
  return seed;
}

}  // namespace dflare::test
