#include "check/expectation.hpp"

#include <fmt/format.h>

#include <cmath>

#include "dflare/error.hpp"

namespace dflare::gtest {
namespace {

const char* name_of(Objective objective) {
  switch (objective) {
    case Objective::first:
      return "first";
    case Objective::closest:
      return "closest";
    case Objective::worst:
      return "worst";
  }
  return "";
}

void check_share(const char* what, const std::optional<double>& bound, const char* of) {
  if (!bound || (*bound >= 0 && *bound <= 1)) return;
  throw ConfigError(fmt::format("the {} allowed is {}; expected {}, 0 to 1", what, *bound, of));
}

}  // namespace

void check(const Expectation& expectation) {
  check_share("deviation rate", expectation.rate_le, "a share of the seed inputs");
  check_share("largest regret", expectation.regret_le, "a regret");
  const auto distance = expectation.distance_ge;
  if (distance && !(*distance >= 0 && std::isfinite(*distance))) {
    throw ConfigError(
        fmt::format("the smallest distance allowed is {}; expected a number of 0 or more, in the "
                    "unit of the option closest_by",
                    *distance));
  }
}

bool worst_by_margin(const Options& options) {
  return options.objective() == Objective::worst &&
         options.criterion().severity() == Severity::margin;
}

const char* worst_name(bool by_margin) {
  return by_margin ? "margin" : "regret";
}

void set_objective(Expectation& expectation, Options& options) {
  if (!expectation.regret_le && !expectation.distance_ge) return;
  const Objective needed = expectation.regret_le ? Objective::worst : Objective::closest;
  if (options.objective() != Objective::first && options.objective() != needed) {
    throw ConfigError(fmt::format(
        "option objective: {} does not go with the expectation of {}, which searches "
        "with objective {}; leave the option out",
        name_of(options.objective()), expectation_text(expectation, options), name_of(needed)));
  }
  if (expectation.regret_le && !options.criterion().implies_deviation()) {
    throw ConfigError(
        fmt::format("option criterion: '{}' says nothing of labels, so that the search looks for "
                    "no large regret, and {} is expected; add 'label' to the criterion",
                    options.criterion().text(), expectation_text(expectation, options)));
  }
  options.objective(needed);
  expectation.by_margin = worst_by_margin(options);
}

std::string expectation_text(const Expectation& expectation, const Options& options) {
  if (expectation.rate_le)
    return fmt::format("a deviation rate of at most {:.4g}", *expectation.rate_le);
  if (expectation.regret_le)
    return fmt::format("no deviation of a {} above {:.4g}",
                       worst_name(options.criterion().severity() == Severity::margin),
                       *expectation.regret_le);
  if (expectation.distance_ge) {
    return fmt::format("no deviation nearer to its seed input than {} {:.4g}",
                       distance_name(options.closest_by()), *expectation.distance_ge);
  }
  return "no deviation";
}

bool beyond_bound(const Expectation& expectation, const SeedResult& seed) {
  if (!deviates(seed.outcome)) return false;
  if (expectation.regret_le)
    return (expectation.by_margin ? seed.margin : seed.regret) > *expectation.regret_le;
  return expectation.distance_ge && seed.closeness < *expectation.distance_ge;
}

const char* distance_name(Distance distance) {
  switch (distance) {
    case Distance::l2:
      return "L2";
    case Distance::l_inf:
      return "L-inf";
    case Distance::strength:
      return "strength";
  }
  return "";
}

}  // namespace dflare::gtest
