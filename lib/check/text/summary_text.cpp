#include "check/text/summary_text.hpp"

#include <fmt/format.h>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"

namespace dflare::checking {
namespace {

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
  return text + not_found_text(s) + measured_by(options).figures_text(s, options);
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

}  // namespace dflare::checking
