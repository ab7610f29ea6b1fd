#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// A chain that takes a mutant towards its seed input while the criterion holds, within
/// Options::minimise_queries(). `answer` is that to the mutant, `first` that to the seed input.
std::unique_ptr<Chain> make_minimiser(const Options& options, const Seed& seed, const Image& mutant,
                                      const Answer& answer, const Answer& first);

}  // namespace dflare
