#pragma once

#include <memory>
#include <string>

#include "weights/approach.hpp"

namespace dflare::repair {

/// The TorchScript model itself, trained by its weights. Throws ModelError where that cannot be.
std::unique_ptr<Trainable> open_weights(const std::string& bytes, const Kind& kind,
                                        BatchNorm batch_norm, const std::string& engine);

extern const TrainingApproach weight_training;

}  // namespace dflare::repair
