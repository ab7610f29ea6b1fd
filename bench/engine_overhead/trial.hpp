#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runner/manifest.hpp"

namespace dflare::bench {

struct Plan {
  std::vector<int> workers = {1};
  int repeats = 5;
  std::string findings;  ///< folder to write findings to, in runs of their own; empty: none
};

/// Measures one pair: in each repeat, and for each number of workers, pure inference, the search
/// without writing, and the search that writes findings, one after another. Prints a line for each
/// number of workers, and returns all figures: seconds of each repeat, and the medians over the
/// repeats of their ratios.
nlohmann::ordered_json measure(const gtest::Pair& pair, const Plan& plan);

}  // namespace dflare::bench
