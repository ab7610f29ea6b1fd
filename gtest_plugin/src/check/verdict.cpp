#include "check/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dflare::gtest {

std::string seed_inputs(std::size_t n) {
  return fmt::format("{} seed input{}", n, n == 1 ? "" : "s");
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

namespace {

std::string left_over(const Summary& s) {
  if (s.cut_short == 0)
    return fmt::format("{} partly searched and {} not begun", s.partly_searched, s.not_begun);
  return fmt::format("{} partly searched, {} not begun and {} cut short", s.partly_searched,
                     s.not_begun, s.cut_short);
}

/// Few digits, unless the figure then looks like the bound that it breaks.
std::string apart_from(double bound, double value) {
  const std::string few = fmt::format("{:.4g}", value);
  return few == fmt::format("{:.4g}", bound) ? fmt::format("{}", value) : few;
}

std::string broken_bound(const SearchResult& result, const Summary& s,
                         const Expectation& expectation, const Options& options) {
  const auto beyond = static_cast<std::size_t>(
      std::count_if(result.seeds.begin(), result.seeds.end(),
                    [&](const SeedResult& seed) { return beyond_bound(expectation, seed); }));
  if (beyond == 0) return "";
  const std::string lead =
      fmt::format("{} lead{} to a deviation", seed_inputs(beyond), beyond == 1 ? "s" : "");
  if (expectation.regret_le) {
    const double bound = *expectation.regret_le;
    return fmt::format(
        "{} of a {} above {:.4g}, the largest allowed: the worst has {}.", lead,
        worst_name(expectation.by_margin), bound,
        apart_from(bound, expectation.by_margin ? s.largest_margin : s.largest_regret));
  }
  const double bound = *expectation.distance_ge;
  const char* unit = distance_name(options.closest_by());
  return fmt::format("{} nearer than {} {:.4g}, the nearest allowed: the closest is at {} {}.",
                     lead, unit, bound, unit, apart_from(bound, s.smallest_closeness));
}

/// Why the deviations fail the expectation; a line may be empty where the figures say it all.
std::optional<std::string> too_many_deviations(const SearchResult& result, const Summary& s,
                                               const Expectation& expectation,
                                               const Options& options) {
  if (expectation.rate_le) {
    if (s.judged == 0 || s.rate <= *expectation.rate_le) return std::nullopt;
    return fmt::format("The deviation rate {} is above {:.4g}, the highest allowed.",
                       apart_from(*expectation.rate_le, s.rate), *expectation.rate_le);
  }
  if (expectation.regret_le || expectation.distance_ge) {
    const std::string text = broken_bound(result, s, expectation, options);
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  }
  return s.deviating() > 0 ? std::optional<std::string>("") : std::nullopt;
}

}  // namespace

Verdict judge(const SearchResult& result, const Expectation& expectation, const Options& options,
              bool interrupted) {
  const Summary s = summarise(result);
  Verdict verdict;
  const auto fail = [&verdict](std::string reason) {
    verdict.passed = false;
    if (!reason.empty()) verdict.reasons.push_back(std::move(reason));
  };
  if (s.seeds == 0) {
    fail("The seed set is empty, so nothing was tested: give at least one seed input.");
    return verdict;
  }
  if (auto why = too_many_deviations(result, s, expectation, options)) fail(std::move(*why));
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
  } else if (!s.complete() && options.require_complete()) {
    fail(fmt::format("A budget ended with {}, and require_complete is set.", left_over(s)));
  }
  return verdict;
}

}  // namespace dflare::gtest
