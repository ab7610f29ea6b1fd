#include "verdict.hpp"

#include <fmt/format.h>

namespace dflare::gtest {

std::string seed_inputs(std::size_t n) {
  return fmt::format("{} seed input{}", n, n == 1 ? "" : "s");
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

namespace {

std::string left_over(const Summary& s) {
  return fmt::format("{} partly searched and {} not begun", s.partly_searched, s.not_begun);
}

}  // namespace

Verdict judge(const Summary& s, const Expectation& expectation, bool require_complete,
              bool interrupted) {
  Verdict verdict;
  const auto fail = [&verdict](std::string reason) {
    verdict.passed = false;
    verdict.reasons.push_back(std::move(reason));
  };
  if (s.seeds == 0) {
    fail("The seed set is empty, so nothing was tested: give at least one seed input.");
    return verdict;
  }
  if (!expectation.rate_le && s.deviating() > 0) verdict.passed = false;
  if (expectation.rate_le && s.judged > 0 && s.rate > *expectation.rate_le) {
    fail(fmt::format("The deviation rate {:.4g} is above {:.4g}, the highest allowed.", s.rate,
                     *expectation.rate_le));
  }
  if (s.errors > 0) {
    fail(fmt::format("{} of {} ended in an error, and nothing is known of {}.", s.errors,
                     seed_inputs(s.seeds), s.errors == 1 ? "it" : "them"));
  }
  if (s.skipped == s.seeds) {
    fail(
        fmt::format("All {} were skipped, so nothing was tested: see the options misclassified "
                    "and unreadable.",
                    seed_inputs(s.seeds)));
  } else if (s.judged == 0 && s.not_begun > 0) {
    fail("The search from no seed input was begun, so nothing was tested: give a larger budget.");
  } else if (!s.complete() && interrupted) {
    fail(fmt::format("Interrupted, with {}.", left_over(s)));
  } else if (!s.complete() && require_complete) {
    fail(fmt::format("A budget ended with {}, and require_complete is set.", left_over(s)));
  }
  return verdict;
}

}  // namespace dflare::gtest
