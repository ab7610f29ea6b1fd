#include "text/summary_text.hpp"

#include <fmt/format.h>

#include "check/expectation.hpp"
#include "check/verdict.hpp"

namespace dflare::gtest {
namespace {

std::string interval_text(const Interval& interval) {
  return fmt::format("95 % interval {:.3g} to {:.3g}", interval.low, interval.high);
}

/// "; 2 found by search, after 8.5 queries (median; mean 8.5)"
std::string found_text(const Summary& s, Objective objective) {
  if (s.found == 0) return "";
  // A search for something closer or worse goes on after the first one.
  std::string text =
      objective == Objective::first
          ? fmt::format("; {} found by search, after {:.4g} queries (median; mean {:.1f})", s.found,
                        s.median_queries, s.mean_queries)
          : fmt::format("; {} found by search, with {:.4g} queries each (mean)", s.found,
                        s.mean_queries);
  if (s.mean_gradients > 0) text += fmt::format(" and {:.3g} gradients (mean)", s.mean_gradients);
  return text;
}

std::string not_found_text(const Summary& s) {
  if (s.not_found == 0 || s.mean_paths == 0) return "";
  return fmt::format("; {} without a deviation after {:.3g} paths each (mean)",
                     seed_inputs(s.not_found), s.mean_paths);
}

std::string objective_figures(const Summary& s, const Options& options) {
  if (options.objective() == Objective::worst) {
    const bool by_margin = worst_by_margin(options);
    return fmt::format(
        "; largest {0} found {1:.3g}, mean worst {0} {2:.3g} ({3})", worst_name(by_margin),
        by_margin ? s.largest_margin : s.largest_regret,
        by_margin ? s.mean_worst_margin : s.mean_worst_regret,
        interval_text(by_margin ? s.worst_margin_interval : s.worst_regret_interval));
  }
  if (options.objective() == Objective::closest && s.deviating() > 0) {
    return fmt::format("; closest at {} {:.4g}, mean {:.4g}", distance_name(options.closest_by()),
                       s.smallest_closeness, s.mean_closeness);
  }
  return "";
}

}  // namespace

std::string summary_line(const Summary& s, const Options& options) {
  if (s.judged == 0) return fmt::format("none of {} could be judged", seed_inputs(s.seeds));
  const std::string interval =
      fmt::format("95 % interval {:.1f} to {}", 100 * s.interval.low, percent(s.interval.high));
  std::string text =
      s.deviating() == 0
          ? fmt::format("none of {} leads to a deviation ({})", seed_inputs(s.judged), interval)
          : fmt::format("{} of {} {} to a deviation ({}, {})", s.deviating(), seed_inputs(s.judged),
                        s.deviating() == 1 ? "leads" : "lead", percent(s.rate), interval);
  text += found_text(s, options.objective());
  if (s.as_it_is > 0) {
    text += fmt::format("; {} deviate{} as {}", s.as_it_is, s.as_it_is == 1 ? "s" : "",
                        s.as_it_is == 1 ? "it is" : "they are");
  }
  return text + not_found_text(s) + objective_figures(s, options);
}

std::string reservation(const Summary& s) {
  std::string text;
  const auto add = [&text](std::size_t n, const char* what) {
    if (n > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, what);
  };
  add(s.partly_searched, "partly searched");
  add(s.not_begun, "not begun");
  add(s.cut_short, "cut short");
  add(s.skipped, "skipped");
  return text;
}

}  // namespace dflare::gtest
