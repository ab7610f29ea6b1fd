#include "runner/machine.hpp"

#include <sys/utsname.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/fstream.hpp>
#include <thread>

namespace dflare::gtest {

std::string cpu_name() {
  boost::filesystem::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (boost::starts_with(line, "model name") && colon != std::string::npos) {
      return boost::trim_copy(line.substr(colon + 1));
    }
  }
  utsname name{};
  return ::uname(&name) == 0 ? name.machine : "unknown";
}

int cpu_cores() {
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace dflare::gtest
