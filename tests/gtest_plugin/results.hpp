#pragma once

#include <string>
#include <utility>

#include "dflare/search.hpp"

namespace dflare::test {

inline SeedResult seed_result(std::string id, Outcome outcome, int queries = 0) {
  SeedResult seed;
  seed.id = std::move(id);
  seed.outcome = outcome;
  seed.queries = queries;
  return seed;
}

/// A deviation from label 7 to label 2.
inline SeedResult deviating(std::string id, Outcome outcome, double margin, int queries,
                            std::vector<AppliedOperator> history = {}) {
  SeedResult seed = seed_result(std::move(id), outcome, queries);
  seed.original_label = 7;
  seed.original_score = 0.625F;
  seed.compressed_label = 2;
  seed.compressed_score = 0.71F;
  seed.margin = margin;
  seed.distances.l_inf = 34;
  seed.distances.ssim = 0.93;
  seed.history = std::move(history);
  return seed;
}

}  // namespace dflare::test
