#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "dflare/error.hpp"
#include "judging/goal.hpp"

namespace dflare {
namespace checking {
namespace {

std::vector<std::unique_ptr<const ExpectationKind>> make_kinds() {
  std::vector<std::unique_ptr<const ExpectationKind>> kinds;
  kinds.push_back(make_no_deviation());
  kinds.push_back(make_deviation_rate());
  kinds.push_back(make_worst_deviation());
  kinds.push_back(make_closest_deviation());
  return kinds;
}

}  // namespace

std::string ExpectationKind::column(const Summary& s, const Options& /*options*/) const {
  return fmt::format("{} ({:.1f} to {:.1f})", percent(s.rate), 100 * s.interval.low,
                     100 * s.interval.high);
}

const std::vector<std::unique_ptr<const ExpectationKind>>& expectation_kinds() {
  static const std::vector<std::unique_ptr<const ExpectationKind>> kinds = make_kinds();
  return kinds;
}

const ExpectationKind& measured_by(const Options& options) {
  for (const auto& kind : expectation_kinds()) {
    if (kind->objective() == options.objective()) return *kind;
  }
  return *expectation_kinds().front();
}

void settle(const Expectation& expectation, Options& options) {
  const ExpectationKind& kind = expectation.kind();
  kind.check_bound(expectation.bound());
  if (const auto needed = kind.objective()) {
    if (options.objective() != Objective::first && options.objective() != *needed) {
      throw ConfigError(fmt::format(
          "option objective: {} does not go with the expectation of {}, which searches "
          "with objective {}; leave the option out",
          row_of(options.objective()).name, expectation.text(options), row_of(*needed).name));
    }
    kind.check_options(expectation.bound(), options);
    options.objective(*needed);
  }
}

}  // namespace checking

Expectation::Expectation() : Expectation(*checking::expectation_kinds().front(), 0) {}

Expectation Expectation::of(const std::string& name, double bound) {
  std::string known;
  for (const auto& kind : checking::expectation_kinds()) {
    if (kind->name() == name) return {*kind, bound};
    known += (known.empty() ? "" : ", ") + kind->name();
  }
  throw ConfigError(fmt::format("'{}' is no expectation; expected one of {}", name, known));
}

Expectation Expectation::rate_le(double share) {
  return of("deviation_rate_le", share);
}

Expectation Expectation::worst_le(double regret) {
  return of("worst_deviation_le", regret);
}

Expectation Expectation::closest_ge(double distance) {
  return of("closest_deviation_ge", distance);
}

const std::string& Expectation::name() const {
  return kind_->name();
}

std::string Expectation::text(const Options& options) const {
  return kind_->text(bound_, options);
}

Options Expectation::default_options() const {
  return kind_->default_options();
}

}  // namespace dflare
