#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// Two models that differ do so where the original changes its mind: follows paths that lead there,
/// and looks between the two models' own crossing points. docs/strategies.md.
std::unique_ptr<Strategy> make_boundary_strategy(const Options& options);

/// DFLARE (Tian et al., ACM TOSEM 2023): mutation, operators chosen by Metropolis-Hastings, fitness
/// from both models' probabilities.
std::unique_ptr<Strategy> make_dflare_strategy(const Options& options);

/// DiffChaser (Xie et al., IJCAI 2019): a genetic algorithm towards the original's decision
/// boundary, as a baseline.
std::unique_ptr<Strategy> make_diffchaser_strategy(const Options& options);

/// One random operator after another, whatever the models answer: a walk without a goal, as a
/// baseline.
std::unique_ptr<Strategy> make_random_strategy(const Options& options);

}  // namespace dflare
