#pragma once

#include <string>
#include <vector>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

/// A triggering input of the training seeds.
struct RecordedFinding {
  std::string seed_id;
  Image seed, mutant;
  std::optional<int> label;
};

/// All findings in a folder of findings, in the order of their names. Throws FindingError if it
/// holds none, one is damaged, or one was made with other model files (SHA-256).
std::vector<RecordedFinding> read_corpus(const std::string& folder, const ModelInfo& original,
                                         const ModelInfo& compressed);

}  // namespace dflare::repair
