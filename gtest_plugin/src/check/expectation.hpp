#pragma once

#include <optional>
#include <string>

#include "dflare/options.hpp"
#include "dflare/search.hpp"

namespace dflare::gtest {

/// What a pair is expected to do: keep at most one bound. None: no deviation at all.
struct Expectation {
  std::optional<double> rate_le;      ///< the deviation rate allowed
  std::optional<double> regret_le;    ///< the largest regret allowed
  bool by_margin = false;             ///< regret_le is of the margin, as set_objective() found
  std::optional<double> distance_ge;  ///< the smallest distance allowed, as closest_by() has it
};

/// Throws ConfigError for a bound that makes no sense.
void check(const Expectation& expectation);

/// Sets the objective that the expectation is judged by, and by_margin where the criterion speaks
/// of the margin. Throws ConfigError where the options ask for what does not go with it.
void set_objective(Expectation& expectation, Options& options);

/// Whether the worst deviation that is looked for is that of the largest margin, for the criterion
/// speaks of it, and not of the largest regret.
bool worst_by_margin(const Options& options);

/// "margin", "regret".
const char* worst_name(bool by_margin);

/// "no deviation of a regret above 0.2"
std::string expectation_text(const Expectation& expectation, const Options& options);

/// Whether a seed input breaks a bound that is judged seed by seed; false for other expectations.
bool beyond_bound(const Expectation& expectation, const SeedResult& seed);

/// "L2", "L-inf", "strength".
const char* distance_name(Distance distance);

}  // namespace dflare::gtest
