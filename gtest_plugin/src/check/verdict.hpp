#pragma once

#include <string>
#include <vector>

#include "check/expectation.hpp"
#include "dflare/options.hpp"
#include "dflare/statistics.hpp"

namespace dflare::gtest {

/// Whether a search meets an expectation.
struct Verdict {
  bool passed = true;
  /// One line each: why it failed, apart from the deviations themselves.
  std::vector<std::string> reasons;
};

/// Fails for more or worse deviations than expected, and wherever a pass would mean nothing: any
/// error, no seed inputs, all of them skipped, none of them begun; seeds left by a budget under
/// require_complete(), and seeds left by an interrupt always.
Verdict judge(const SearchResult& result, const Expectation& expectation, const Options& options,
              bool interrupted);

/// "300 seed inputs", "1 seed input".
std::string seed_inputs(std::size_t n);

/// "99.7 %".
std::string percent(double share);

}  // namespace dflare::gtest
