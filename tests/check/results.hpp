#pragma once

#include <string>
#include <utility>

#include "dflare/search.hpp"

namespace dflare::test {

inline SeedResult seed_result(std::size_t position, Outcome outcome, int queries = 0) {
  SeedResult seed;
  seed.position = position;
  seed.outcome = outcome;
  seed.queries = queries;
  return seed;
}

/// A deviation from label 7 to label 2, of half as much margin.
inline SeedResult deviating(std::size_t position, Outcome outcome, double regret, int queries) {
  SeedResult seed = seed_result(position, outcome, queries);
  seed.original_label = 7;
  seed.original_score = 0.625F;
  seed.compressed_label = 2;
  seed.compressed_score = 0.71F;
  seed.regret = regret;
  seed.margin = regret / 2;
  seed.distances.l_inf = 34;
  seed.distances.ssim = 0.93;
  return seed;
}

/// What the models say of the seed input itself.
inline SeedResult as_seen(SeedResult seed, int original, int compressed, int true_label = -1) {
  seed.seed_original_label = original;
  seed.seed_compressed_label = compressed;
  seed.seed_agrees = original == compressed;
  seed.true_label = true_label;
  return seed;
}

}  // namespace dflare::test
