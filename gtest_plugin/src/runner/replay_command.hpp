#pragma once

#include <string>
#include <vector>

#include "dflare/finding.hpp"

namespace dflare::gtest {

/// Both models' scores as the finding has them.
struct RecordedScores {
  std::vector<float> original, compressed;
};

/// What --dflare_replay prints.
std::string replay_text(const Replay& replay, const RecordedScores& recorded);

/// Evaluates the finding again and prints it; of a folder that holds findings, all of them, a line
/// each. `original` and `compressed` name other model files;
/// empty: the recorded ones. The exit status: 1 where any still deviates, 0 where none does.
int replay_command(const std::string& folder, const std::string& original,
                   const std::string& compressed);

}  // namespace dflare::gtest
