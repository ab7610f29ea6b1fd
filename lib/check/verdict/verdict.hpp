#pragma once

#include <string>
#include <vector>

#include "dflare/check.hpp"

namespace dflare::checking {

/// Whether a search, or a corpus, meets an expectation.
struct Judgement {
  CheckVerdict verdict = CheckVerdict::passed;
  /// One line each: why it is no pass, apart from the deviations themselves.
  std::vector<std::string> reasons{};

  bool passed() const { return verdict == CheckVerdict::passed; }
  /// Of several things that are wrong, the first to be added decides; an error does in any case.
  void add(CheckVerdict wrong, std::string reason);
};

/// Failed for more or worse deviations than expected, an error where any seed input ended in one,
/// and inconclusive wherever a pass would mean nothing: no seed inputs, all of them skipped, none
/// of them begun; seeds left by a budget under require_complete(), and seeds left by an interrupt
/// always. `options` are as settle() leaves them.
Judgement judge(const SearchResult& result, const Expectation& expectation, const Options& options,
                bool interrupted);

}  // namespace dflare::checking
