#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// Goes on from what `paths` finds first, towards the seed input, for the objective `closest`; with
/// gradients it follows those of the original.
std::unique_ptr<Chain> make_descent(const Options& options, const Seed& seed, const Answer& first,
                                    std::unique_ptr<Chain> paths, bool gradients);

}  // namespace dflare
