#include "model/process/host_program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <vector>

#include "dflare/error.hpp"
#include "model/process/program_path.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

constexpr const char* program = "dflare-host";
constexpr const char* variable = "DFLARE_HOST";

std::vector<fs::path> folders_to_search(const fs::path& running) {
  const fs::path folder = running.parent_path(), above = folder.parent_path();
  // Installed beside it or in bin; in a build tree of dflare in tools.
  std::vector<fs::path> folders = {folder, above / "bin", above / "tools"};
  const std::vector<fs::path> path = path_folders();
  folders.insert(folders.end(), path.begin(), path.end());
  return folders;
}

}  // namespace

std::string host_program(const std::string& running) {
  const char* given = std::getenv(variable);
  if (given != nullptr && *given != '\0') {
    if (runs(given)) return given;
    throw ModelError(
        fmt::format("the environment variable {} is '{}', which is no program; give the path of {}",
                    variable, given, program));
  }
  std::string searched;
  for (const fs::path& folder : folders_to_search(running)) {
    if (runs(folder / program)) return (folder / program).string();
    searched += fmt::format("{}{}", searched.empty() ? "" : ", ", folder.string());
  }
  throw ModelError(fmt::format(
      "isolate wants the program {}, which is not in: {}; install dflare, or set the environment "
      "variable {} to the path of the program, in CMake for a test: set_tests_properties(NAME "
      "PROPERTIES ENVIRONMENT {}=$<TARGET_FILE:dflare::dflare-host>)",
      program, searched, variable, variable));
}

}  // namespace dflare
