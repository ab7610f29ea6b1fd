#pragma once

#include <optional>
#include <string>

#include "dflare/options.hpp"
#include "dflare/search.hpp"

namespace dflare::gtest {

/// What a pair is expected to do: keep at most one bound. None: no deviation at all.
struct Expectation {
  std::optional<double> rate_le;      ///< the deviation rate allowed
  std::optional<double> margin_le;    ///< the largest margin allowed
  std::optional<double> distance_ge;  ///< the smallest distance allowed, as closest_by() has it
};

/// Throws ConfigError for a bound that makes no sense.
void check(const Expectation& expectation);

/// Sets the objective that the expectation is judged by. Throws ConfigError where the options ask
/// for what does not go with it.
void set_objective(const Expectation& expectation, Options& options);

/// "no deviation of a margin above 0.2"
std::string expectation_text(const Expectation& expectation, const Options& options);

/// Whether a seed input breaks a bound that is judged seed by seed; false for other expectations.
bool beyond_bound(const Expectation& expectation, const SeedResult& seed);

/// "L2", "L-inf", "strength".
const char* distance_name(Distance distance);

}  // namespace dflare::gtest
