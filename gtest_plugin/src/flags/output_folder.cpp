#include "flags/output_folder.hpp"

#include <fmt/format.h>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <cstdlib>

#include "dflare/error.hpp"
#include "flags/flags.hpp"
#include "support/absolute_path.hpp"
#include "support/numbers.hpp"

namespace dflare::gtest {
namespace fs = boost::filesystem;

std::string output_root(const Options& options) {
  if (!options.out().empty()) return absolute_path(options.out());
  return absolute_path(flags().get("out").value_or("dflare-findings"));
}

bool is_folder(const std::string& path) {
  boost::system::error_code error;
  return fs::is_directory(path, error);
}

void check_folder_writable(const std::string& folder, const std::string& what) {
  boost::system::error_code error;
  fs::create_directories(folder, error);
  if (!error && fs::is_directory(folder, error)) {
    const fs::path probe = fs::path(folder) / fs::unique_path(".dflare-%%%%-%%%%-%%%%");
    const bool written = static_cast<bool>(fs::ofstream(probe) << "probe");
    fs::remove(probe, error);
    if (written) return;
  }
  throw ConfigError(
      fmt::format("{}: cannot create files in '{}'{}; expected a folder that can be written: "
                  "choose another one",
                  what, folder, error ? " (" + error.message() + ")" : ""));
}

std::string Shard::suffix() const {
  return total > 1 ? fmt::format(".shard_{}_of_{}", index + 1, total) : "";
}

Shard current_shard() {
  const auto number = [](const char* name, int otherwise) {
    const char* text = std::getenv(name);
    // What GoogleTest cannot read either, it refuses itself.
    return text == nullptr ? otherwise : number_in<int>(text).value_or(otherwise);
  };
  return {number("GTEST_SHARD_INDEX", 0), number("GTEST_TOTAL_SHARDS", 1)};
}

}  // namespace dflare::gtest
