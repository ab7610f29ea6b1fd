#pragma once

#include <cstdint>
#include <memory>

#include "runner/manifest.hpp"

namespace dflare::bench {

/// The inference of a pair and nothing else: the modules as the TorchScript backend runs them, fed
/// with tensors that were made beforehand, by threads that each have modules of their own.
class PureInference {
 public:
  /// Loads the modules `workers` times, and cuts seed images into full batches of tensors.
  PureInference(const gtest::Pair& pair, int workers);
  ~PureInference();

  /// Evaluates `images` images in full batches, then `alone` images one by one, on both models.
  /// Returns the seconds that took.
  double run(std::uint64_t images, std::uint64_t alone);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dflare::bench
