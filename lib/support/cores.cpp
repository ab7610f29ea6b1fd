#include "support/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <boost/filesystem/fstream.hpp>
#include <cmath>
#include <sstream>
#include <string>
#include <thread>

namespace dflare {
namespace {

int processors() {
  cpu_set_t set;
  // Fails on machines of more processors than the set has room for.
  const bool known = ::sched_getaffinity(0, sizeof set, &set) == 0;
  const int count = known ? CPU_COUNT(&set) : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, count);
}

}  // namespace

int cores_of_quota(const std::string& cpu_max) {
  std::istringstream text(cpu_max);
  double quota = 0, period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return 0;  // "max 100000"
  return std::max(1, static_cast<int>(std::ceil(quota / period)));
}

int available_cores() {
  boost::filesystem::ifstream file("/sys/fs/cgroup/cpu.max");  // of the container, seen from within
  std::string cpu_max;
  std::getline(file, cpu_max);
  const int quota = cores_of_quota(cpu_max);
  return quota > 0 ? std::min(quota, processors()) : processors();
}

}  // namespace dflare
