#include "faults/faulty.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem.hpp>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>

#include "program/shell.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;

std::string count_file(const std::string& folder) {
  return folder + ".calls";
}

}  // namespace

std::string environment_of(const Fault& fault, const std::string& folder) {
  return fmt::format(
      "LD_PRELOAD={} FAULT_FOLDER={} FAULT_AT={} FAULT_ERROR={} "
      "FAULT_COUNT={} ",
      shell_quoted(DFLARE_FAULT_SHIM), shell_quoted(folder), fault.at, fault.error,
      shell_quoted(count_file(folder)));
}

int calls_of(const std::string& folder, const std::string& command) {
  run_in(folder, environment_of({}, folder) + command);
  const int calls = std::stoi(read_file(count_file(folder)));
  EXPECT_GT(calls, 0) << "nothing is tested: " << DFLARE_FAULT_SHIM << " sees no call";
  return calls;
}

bool is_long() {
  return std::getenv("DFLARE_LONG_FAULTS") != nullptr;
}

std::vector<Fault> faults_in(int calls, int error, int few) {
  std::vector<Fault> faults;
  const int step = is_long() ? 1 : std::max(1, calls / few);
  for (int at = 1; at <= calls; at += step) faults.push_back({at, error});
  return faults;
}

std::multiset<std::string> whole_findings_below(const std::string& folder) {
  std::multiset<std::string> seed_ids;
  if (!fs::exists(folder)) return seed_ids;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path inside = entry.path().parent_path();
    if (entry.path().filename() != "finding.json" ||
        boost::starts_with(inside.filename().string(), "."))
      continue;
    const auto finding = nlohmann::json::parse(read_file(entry.path().string()), nullptr,
                                               /*allow_exceptions=*/false);
    EXPECT_TRUE(finding.is_object()) << entry.path();
    if (finding.is_object()) seed_ids.insert(finding["seed"]["id"].get<std::string>());
    for (const char* picture : {"seed.png", "mutant.png", "difference.png"})
      EXPECT_NO_THROW(read_image((inside / picture).string())) << inside;
  }
  return seed_ids;
}

std::size_t missing(const std::multiset<std::string>& these,
                    const std::multiset<std::string>& those) {
  std::vector<std::string> left;
  std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                      std::back_inserter(left));
  return left.size();
}

void expect_whole(const std::string& file) {
  if (!fs::exists(file)) return;
  const std::string text = boost::trim_copy(read_file(file));
  if (boost::ends_with(file, ".html")) {
    EXPECT_TRUE(boost::ends_with(text, "</html>")) << file;
  } else {
    EXPECT_TRUE(nlohmann::json::accept(text)) << file;
  }
}

}  // namespace dflare::test
