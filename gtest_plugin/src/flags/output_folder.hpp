#pragma once

#include <string>

#include "dflare/options.hpp"

namespace dflare::gtest {

/// The folder below which findings go: Options::out(), else the flag or environment variable
/// dflare_out, else "dflare-findings"; absolute.
std::string output_root(const Options& options);

bool is_folder(const std::string& path);

/// Throws ConfigError naming `what` if files cannot be created in `folder`, which is made if it is
/// missing.
void check_folder_writable(const std::string& folder, const std::string& what);

/// Which of several shards (GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX) this process is.
struct Shard {
  int index = 0, total = 1;
  /// ".shard_1_of_2", counted from 1, so that shards do not overwrite each other's files; empty
  /// where there is but one.
  std::string suffix() const;
};
Shard current_shard();

}  // namespace dflare::gtest
