#pragma once

#include <string>

namespace dflare::test {

struct Ended {
  int status = 0;      ///< the exit status; -1 where a signal ended it
  std::string output;  ///< standard output and standard error together
};

/// Runs a shell command in `folder`.
Ended run_in(const std::string& folder, const std::string& command);

}  // namespace dflare::test
