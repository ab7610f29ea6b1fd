#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weights/trainable.hpp"

namespace dflare::repair {

/// A TorchScript file to be trained, and how.
struct TrainableFile {
  const std::string& bytes;
  const Kind& kind;
  BatchNorm batch_norm;
  std::string engine;  ///< quantised engine that int8 weights are packed for; empty: the preferred
  int classes;         ///< the model's
  Output output;       ///< likewise
  std::uint64_t rng_seed;
};

/// A way to train a compressed model. A new one is its source, a line of the table in
/// approach.cpp, and its name in Approach and among the settings.
struct TrainingApproach {
  Approach name;  ///< never automatic
  bool can_keep;  ///< whether what Kind says must stay does
  /// Throws ModelError where the model cannot be trained so, naming what is in the way and what to
  /// do. `why`: why it is not trained in the ways before this one; empty: this one was asked for.
  std::unique_ptr<Trainable> (*open)(const TrainableFile& file, const std::string& why);
  /// What of the compression of `before` is not in `after`, the repaired file; empty: nothing is
  /// lost.
  std::string (*lost)(const std::string& before, const std::string& after, const Kind& kind,
                      const std::string& engine);
  const char* remark;  ///< what a user should know of models trained so; may be empty
};

/// `name` is not automatic.
const TrainingApproach& approach_of(Approach name);

/// Opens the file for training in the way that its Kind asks for; in the first one that is possible
/// where that is automatic. Throws ModelError where there is none.
std::unique_ptr<Trainable> open_trainable(const TrainableFile& file);

}  // namespace dflare::repair
