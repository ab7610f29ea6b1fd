#pragma once

#include <cstdint>

#include "dflare/search.hpp"

namespace dflare {

/// What a block reports while it runs, from any worker.
class BlockListener {
 public:
  virtual ~BlockListener() = default;
  virtual void deviation(Deviation&) = 0;
  virtual void failure(const Failure&) = 0;
  virtual void round_done(std::uint64_t new_queries, std::size_t new_outcomes,
                          std::size_t new_found) = 0;
};

}  // namespace dflare
