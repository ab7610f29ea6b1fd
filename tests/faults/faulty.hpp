#pragma once

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "gtest_plugin/child.hpp"

namespace dflare::test {

/// At which call that changes files below a folder a program's calls begin to fail, and how.
struct Fault {
  int at = 0;     ///< counted from 1; 0: none fails
  int error = 0;  ///< errno; 0: the program is killed there

  bool kills() const { return error == 0; }
};

/// The environment that puts the fault into programs behind it.
std::string environment_of(const Fault& fault, const std::string& folder);

/// How many such calls a command makes.
int calls_of(const std::string& folder, const std::string& command);

/// Faults spread over so many calls: a few, or all of them where the environment variable
/// DFLARE_LONG_FAULTS is set.
std::vector<Fault> faults_in(int calls, int error, int few);

bool is_long();

/// Every finding below is whole, and what is no finding has not its name. Their seed ids.
std::multiset<std::string> whole_findings_below(const std::string& folder);

/// How many of the seed ids in `these` are not in `those`.
std::size_t missing(const std::multiset<std::string>& these,
                    const std::multiset<std::string>& those);

/// A JSON or HTML file that is there is whole.
void expect_whole(const std::string& file);

}  // namespace dflare::test
