#pragma once

#include <string>

#include "dflare/finding.hpp"

namespace dflare::gtest {

/// What --dflare_replay prints.
std::string replay_text(const Replay& replay);

/// What to replay, and on what: the arguments of dflare::replay().
struct ReplayRequest {
  std::string folder, original, compressed;
  ReplayTrust trust;
};

/// Evaluates the finding again and prints it; of a folder that holds findings, all of them, a line
/// each. The exit status: 1 where any still deviates, 0 where none does.
int replay_command(const ReplayRequest& request);

}  // namespace dflare::gtest
