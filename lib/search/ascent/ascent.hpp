#pragma once

#include <memory>

#include "dflare/strategy.hpp"

namespace dflare {

/// Searches for what Ranking puts highest, among all images: `paths` first, for a share of the
/// queries, then changes of the best images that were seen. With gradients it follows those of
/// both models, where there are any.
std::unique_ptr<Chain> make_image_ascent(const Options& options, const StrategyContext& context,
                                         const Seed& seed, const Answer& first,
                                         std::unique_ptr<Chain> paths, bool gradients);

/// The same among transformations within the ranges.
std::unique_ptr<Chain> make_range_ascent(const Options& options, const Seed& seed,
                                         const Answer& first);

}  // namespace dflare
