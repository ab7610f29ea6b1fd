#pragma once

#include <memory>
#include <string>

#include "weights/approach.hpp"

namespace dflare::repair {

/// A small network on top of the scores of a TorchScript model that stays as it is: scores s (log
/// softmax of its logits, logarithm of its probabilities, or logit of its sigmoids) become
/// s + W2 relu(W1 s + b1) + b2, and then what they were.
/// `why`: why the model's own weights are not trained, for text(); empty: as asked for.
std::unique_ptr<Trainable> make_corrector(const std::string& bytes, Output output, int classes,
                                          const std::string& engine, std::uint64_t rng_seed,
                                          const std::string& why = "");

extern const TrainingApproach score_correction;

}  // namespace dflare::repair
