#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

/// An image to train on.
struct Example {
  Image image;
  std::optional<int> label;  ///< true class, where known and where the image still shows it
};

/// A triggering input to train on.
struct TrainingFinding {
  Image mutant;
  std::optional<int> label;  ///< of its seed input
  double regret = 0;         ///< deviation_regret() when it was found
};

/// What a training batch is made of: training seeds, and images made afresh from them for every
/// batch. A batch depends on (rng_seed, name, number) and on what is here, on nothing that was made
/// before it.
class TrainingImages {
 public:
  /// `seeds` at the original's input size, at least one. `name` keeps the streams of the repair,
  /// the control and the validation set apart.
  TrainingImages(std::vector<Example> seeds, const Mix& mix, std::uint64_t rng_seed,
                 const std::string& name);

  /// In any order; ordered by falling regret here.
  void set_findings(std::vector<TrainingFinding> findings);

  /// Batch `number` of `size` images.
  std::vector<Example> batch(int number, int size) const;

 private:
  std::vector<Example> seeds_;
  std::vector<TrainingFinding> findings_;
  Mix mix_;
  std::uint64_t key_;
};

}  // namespace dflare::repair
