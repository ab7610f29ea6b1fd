#pragma once

#include <string>
#include <vector>

#include "runner/results_json.hpp"

namespace dflare::gtest {

/// What became of a pair, for the closing table.
enum class PairState {
  passed,
  failed,
  not_tested,   ///< an error
  interrupted,  ///< before its search was complete
  not_begun     ///< interrupted before
};

struct ClosingRow {
  std::string name;
  PairState state = PairState::not_begun;
  std::size_t seeds_given = 0;
  const PairResult* result = nullptr;  ///< null where not begun
};

/// A row for each pair that had a test to run, of the last iteration.
std::vector<ClosingRow> closing_rows(const Manifest& manifest,
                                     const std::vector<PairResult>& results);

/// All pairs of a run on the console, a line each: verdict, agreement and accuracies on the seed
/// inputs as they are, the rate with its interval or the mean worst regret or the nearest distance,
/// queries. Empty for fewer than two pairs: all is said already.
std::string closing_table(const std::vector<ClosingRow>& rows);

}  // namespace dflare::gtest
