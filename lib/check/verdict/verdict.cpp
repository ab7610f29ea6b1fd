#include "check/verdict/verdict.hpp"

#include <fmt/format.h>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"

namespace dflare {
namespace checking {
namespace {

std::string left_over(const Summary& s) {
  if (s.cut_short == 0)
    return fmt::format("{} partly searched and {} not begun", s.partly_searched, s.not_begun);
  return fmt::format("{} partly searched, {} not begun and {} cut short", s.partly_searched,
                     s.not_begun, s.cut_short);
}

}  // namespace

void Judgement::add(CheckVerdict wrong, std::string reason) {
  if (passed() || wrong == CheckVerdict::error) verdict = wrong;
  if (!reason.empty()) reasons.push_back(std::move(reason));
}

Judgement judge(const SearchResult& result, const Expectation& expectation, const Options& options,
                bool interrupted) {
  const Summary s = summarise(result);
  Judgement judgement;
  if (s.seeds == 0) {
    judgement.add(CheckVerdict::inconclusive,
                  "The seed set is empty, so nothing was tested: give at least one seed input.");
    return judgement;
  }
  if (auto why = expectation.kind().broken(result, s, expectation.bound(), options))
    judgement.add(CheckVerdict::failed, std::move(*why));
  if (s.errors > 0) {
    judgement.add(CheckVerdict::error,
                  fmt::format("{} of {} ended in an error, and nothing is known of {}.", s.errors,
                              seed_inputs(s.seeds), s.errors == 1 ? "it" : "them"));
  }
  const auto inconclusive = [&judgement](std::string reason) {
    judgement.add(CheckVerdict::inconclusive, std::move(reason));
  };
  if (s.skipped == s.seeds) {
    inconclusive(
        fmt::format("All {} were skipped, so nothing was tested: see the options misclassified "
                    "and unreadable.",
                    seed_inputs(s.seeds)));
  } else if (s.judged == 0 && s.not_begun > 0) {
    inconclusive(
        "The search from no seed input was begun, so nothing was tested: give a larger budget.");
  } else if (!s.complete() && interrupted) {
    inconclusive(fmt::format("Interrupted, with {}.", left_over(s)));
  } else if (!s.complete() && options.require_complete()) {
    inconclusive(fmt::format("A budget ended with {}, and require_complete is set.", left_over(s)));
  }
  return judgement;
}

}  // namespace checking

const char* to_string(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::passed:
      return "passed";
    case CheckVerdict::failed:
      return "failed";
    case CheckVerdict::inconclusive:
      return "inconclusive";
    case CheckVerdict::error:
      return "error";
  }
  return "";
}

}  // namespace dflare
