#pragma once

#include <string>

namespace dflare {

/// How many threads this process can have run at once: the processors it may use, fewer where a
/// container's quota of processor time (cgroup v2) is less. At least 1.
int available_cores();

/// The whole processors that a cgroup's cpu.max allows ("150000 100000": 2); 0 where it sets no
/// limit or is no such text.
int cores_of_quota(const std::string& cpu_max);

}  // namespace dflare
