#include <algorithm>

#include "dflare/search.hpp"

namespace dflare {

Answer SampleSeed::answer() const {
  return {{original_scores.data(), static_cast<int>(original_scores.size())},
          {compressed_scores.data(), static_cast<int>(compressed_scores.size())}};
}

Counts& Counts::operator+=(const Counts& other) {
  queries += other.queries;
  first_looks += other.first_looks;
  gradients += other.gradients;
  sample += other.sample;
  minimising += other.minimising;
  confirmations += other.confirmations;
  examination += other.examination;
  refuted += other.refuted;
  batches += other.batches;
  return *this;
}

Tally SearchResult::tally() const {
  Tally tally;
  for (const SeedResult& seed : seeds) ++tally[seed.outcome];
  return tally;
}

std::size_t SearchResult::count(Outcome outcome) const {
  return tally()[outcome];
}

std::size_t block_count(std::size_t seeds, const Options& options) {
  const auto size = static_cast<std::size_t>(options.block());
  return (seeds + size - 1) / size;
}

Block block_at(std::size_t block, std::size_t seeds, const Options& options) {
  const auto size = static_cast<std::size_t>(options.block());
  return {std::min(block * size, seeds), std::min((block + 1) * size, seeds)};
}

}  // namespace dflare
