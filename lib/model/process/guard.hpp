#pragma once

#include <sys/types.h>

#include "support/descriptor.hpp"

namespace dflare {

/// Ends a process group when this process ends, however it ends: a shell in the group that waits
/// for the end of a pipe, the other end of which is ours alone, and then kills the group. Unlike
/// PR_SET_PDEATHSIG it takes the children's children along, and does not take the end of a thread
/// for that of the process.
class Guard {
 public:
  /// Throws ModelError where it cannot be started.
  explicit Guard(pid_t group);
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard();

 private:
  Descriptor alive_;  ///< our end, never written to
  pid_t id_ = 0;
};

}  // namespace dflare
