#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// DFLARE (Tian et al., ACM TOSEM 2023): mutation, operators chosen by Metropolis-Hastings, fitness
/// from both models' probabilities.
std::unique_ptr<Strategy> make_dflare_strategy(const Options& options);

/// One random operator after another, whatever the models answer: a walk without a goal, as a
/// baseline.
std::unique_ptr<Strategy> make_random_strategy(const Options& options);

}  // namespace dflare
