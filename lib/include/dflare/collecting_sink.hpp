#pragma once

/// @file
/// A sink that keeps what a search finds in memory.

#include <cstddef>
#include <map>

#include "dflare/search.hpp"

namespace dflare {

/// Keeps what a search hands on, in the order of the seeds whatever the number of workers:
///
/// @verbatim
///   CollectingSink found;
///   search(original, compressed, seeds, options, &found);
///   for (const auto& [position, deviation] : found.deviations) ...
/// @endverbatim
///
/// Of each finding that is two images, its scores and its history.
class CollectingSink : public SearchSink {
 public:
  /// `next`, where given, gets everything too, before it is kept.
  explicit CollectingSink(SearchSink* next = nullptr) : next_(next) {}

  void prepare(Deviation& deviation) override;
  void deviation(const Deviation& deviation) override;
  void failure(const Failure& failure) override;
  void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override;

  std::map<std::size_t, Deviation> deviations;  ///< by the position of their seed
  std::map<std::size_t, Failure> failures;      ///< likewise

 private:
  SearchSink* next_;
};

}  // namespace dflare
