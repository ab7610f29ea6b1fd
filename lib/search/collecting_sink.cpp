#include "dflare/collecting_sink.hpp"

namespace dflare {

void CollectingSink::prepare(Deviation& deviation) {
  if (next_ != nullptr) next_->prepare(deviation);
}

void CollectingSink::deviation(const Deviation& deviation) {
  if (next_ != nullptr) next_->deviation(deviation);
  Deviation& kept = deviations[deviation.position] = deviation;
  kept.encoded.reset();
}

void CollectingSink::failure(const Failure& failure) {
  if (next_ != nullptr) next_->failure(failure);
  failures[failure.position] = failure;
}

void CollectingSink::block_done(std::size_t block, const std::vector<SeedResult>& seeds) {
  if (next_ != nullptr) next_->block_done(block, seeds);
}

}  // namespace dflare
