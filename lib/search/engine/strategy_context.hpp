#pragma once

#include "dflare/search.hpp"

namespace dflare {

/// What the strategy wants to know before it begins. Its sample is drawn from all seed inputs, so
/// that every shard has the same one, and evaluated in batches of its own; what cannot be read or
/// evaluated is left out, and is for the search itself to report.
StrategyContext strategy_context_for(const Strategy& strategy, Model& original, Model& compressed,
                                     const SeedSet& seeds, const Options& options, Counts& counts);

}  // namespace dflare
