#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bare_model.hpp"
#include "runner/manifest.hpp"

namespace dflare::bench {

/// The inference of a pair and nothing else: both models as their runtimes run them, fed with what
/// was made beforehand, by threads that each have models of their own.
class PureInference {
 public:
  /// Makes models for `workers` threads, and cuts seed images into full batches.
  PureInference(const gtest::Pair& pair, const Model& original, const Model& compressed,
                int workers);

  /// Evaluates `images` images in full batches, then `alone` images one by one, on both models.
  /// Returns the seconds that took.
  double run(std::uint64_t images, std::uint64_t alone);

 private:
  /// One thread's.
  struct Models {
    std::unique_ptr<BareModel> original, compressed;
  };
  std::vector<Models> threads_;
  std::uint64_t batch_;
};

}  // namespace dflare::bench
