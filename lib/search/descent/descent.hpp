#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// Goes on from what `paths` finds first, towards the seed input, for the objective `closest`.
std::unique_ptr<Chain> make_descent(const Options& options, const StrategyContext& context,
                                    const Seed& seed, const Answer& first,
                                    std::unique_ptr<Chain> paths);

}  // namespace dflare
