#include <algorithm>

#include "dflare/search.hpp"

namespace dflare {

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::as_it_is:
      return "as it is";
    case Outcome::found:
      return "found";
    case Outcome::not_found:
      return "not found";
    case Outcome::partly_searched:
      return "partly searched";
    case Outcome::not_begun:
      return "not begun";
    case Outcome::error:
      return "error";
    case Outcome::skipped:
      return "skipped";
  }
  return "unknown";
}

Answer Deviation::answer() const {
  return {{original_scores.data(), static_cast<int>(original_scores.size())},
          {compressed_scores.data(), static_cast<int>(compressed_scores.size())}};
}

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

std::size_t SearchResult::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::count_if(
      seeds.begin(), seeds.end(), [outcome](const SeedResult& s) { return s.outcome == outcome; }));
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
