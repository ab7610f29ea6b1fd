#pragma once

#include <cstddef>

namespace dflare {

/// Whether so many of `all` are no more than guessing among so many classes gives.
bool no_more_than_chance(std::size_t right, std::size_t all, int classes);

}  // namespace dflare
