#pragma once

#include "runner/manifest.hpp"

namespace dflare::gtest {

/// What --dflare_examine does: examines the pairs that --gtest_filter selects, searches nothing,
/// and prints all that was seen. The exit status: 2 where a pair could not be examined or is
/// refused, else 0. Throws ConfigError where the filter selects no pair.
int examine_pairs(const Manifest& manifest);

}  // namespace dflare::gtest
