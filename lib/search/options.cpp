#include "dflare/options.hpp"

#include <fmt/format.h>

#include <cmath>

#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

void at_least_one(const char* name, int value) {
  if (value < 1)
    throw ConfigError(fmt::format(
        "option {}: {} is too small; expected a whole number of at least 1", name, value));
}

void seconds_at_least_zero(const char* name, double value) {
  if (!(value >= 0) || std::isinf(value)) {
    throw ConfigError(fmt::format(
        "option {}: {} makes no sense; expected seconds, 0 or more (0: no limit)", name, value));
  }
}

}  // namespace

void Options::check() const {
  const auto strategies = strategy_names();
  if (std::find(strategies.begin(), strategies.end(), strategy_) == strategies.end()) {
    throw ConfigError(unknown_name("strategy", strategy_, strategies));
  }
  at_least_one("queries", queries_);
  at_least_one("batch", batch_);
  at_least_one("block", block_);
  if (workers_ < 0 || workers_ > 1024) {
    throw ConfigError(fmt::format(
        "option workers: {} makes no sense; expected 0 (one a core) to 1024", workers_));
  }
  seconds_at_least_zero("seconds", seconds_);
  seconds_at_least_zero("seconds_per_seed", seconds_per_seed_);
  if (operators_.size() == 0) {
    throw ConfigError(
        "option operators: the set is empty; expected at least one mutation operator");
  }
  input_.check();
}

}  // namespace dflare
