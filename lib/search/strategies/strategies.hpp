#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/option_row.hpp"
#include "dflare/strategy.hpp"

namespace dflare {

/// What the file of one of dflare's own strategies says of it.
struct BuiltInStrategy {
  std::unique_ptr<Strategy> (*make)(const Options&);
  bool transforms;  ///< whether it makes transformations, which Options::ranges() limits
  std::vector<OptionRow> options{};  ///< that are its alone
};

/// dflare's own strategies. Another one is a line here, and a file that defines NAME_strategy().
#define DFLARE_STRATEGIES(STRATEGY) \
  STRATEGY(boundary)                \
  STRATEGY(dflare)                  \
  STRATEGY(diffchaser)              \
  STRATEGY(random)

#define DFLARE_STRATEGY_DECLARED(name) BuiltInStrategy name##_strategy();
DFLARE_STRATEGIES(DFLARE_STRATEGY_DECLARED)
#undef DFLARE_STRATEGY_DECLARED

}  // namespace dflare
