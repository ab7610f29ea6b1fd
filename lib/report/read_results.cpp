#include "report/read_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/exception.hpp>
#include <boost/filesystem/operations.hpp>
#include <set>

#include "dflare/error.hpp"
#include "finding/finding_folder.hpp"
#include "finding/finding_json.hpp"
#include "finding/output_folder.hpp"
#include "finding/run_json.hpp"
#include "report/merge.hpp"
#include "report/read_run.hpp"
#include "report/repair_results.hpp"

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;

bool is_finding(const fs::path& folder) {
  return fs::exists(folder / finding_file);
}

/// Folders to look into. Symbolic links are not followed: they may lead back.
std::vector<fs::path> folders_below(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.symlink_status().type() == fs::directory_file && !is_finding(entry.path()) &&
        !is_unfinished(entry.path().filename().string()))
      folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

class Reader {
 public:
  void read(const std::string& given) {
    require_folder(given);
    try {
      found_ = 0;
      visit(given, true);
    } catch (const fs::filesystem_error& error) {
      throw FindingError(
          fmt::format("'{}' cannot be searched for findings: {}; check the "
                      "permissions",
                      given, error.what()));
    }
    if (found_ > 0) return;
    throw FindingError(fmt::format(
        "'{}' holds no results, nor does a folder below it; expected a folder of findings (with a "
        "{}), as dflare-test and dflare's assertions write it, or one that dflare-repair wrote "
        "into (with a {})",
        given, run_file, repair_report_file));
  }

  Report report() && {
    report_.pairs = merged(std::move(runs_));
    return std::move(report_);
  }

 private:
  static void require_folder(const std::string& given) {
    boost::system::error_code ignored;
    if (!fs::is_directory(given, ignored))
      throw FindingError(fmt::format("'{}' is no folder; expected a folder of results", given));
    if (is_finding(given))
      throw FindingError(
          fmt::format("'{}' is a single finding; give the folder of findings that it is in ({})",
                      given, fs::absolute(given).lexically_normal().parent_path().string()));
  }

  void visit(const fs::path& folder, bool named) {
    const bool repair = is_repair(folder.string());
    const bool run = fs::exists(folder / run_file);
    found_ += repair || run;
    const bool is_new = visited_.insert(fs::canonical(folder).string()).second;
    if (!is_new) return;
    if (repair) return add_repair(folder);
    if (run) runs_.push_back({read_run(folder.string()), named});
    for (const fs::path& below : folders_below(folder)) visit(below, false);
  }

  void add_repair(const fs::path& folder) {
    report_.repairs.push_back(read_repair(folder.string()));
    const fs::path unseen = folder / repair_unseen_folder;
    if (!tested_again(report_.repairs.back()) || !fs::exists(unseen / run_file)) return;
    if (!visited_.insert(fs::canonical(unseen).string()).second) return;
    Pair pair = read_run(unseen.string());
    pair.name = report_.repairs.back().name + ", unseen seeds";
    note_repaired(folder.string(), pair);
    runs_.push_back({std::move(pair), false});
  }

  Report report_;
  std::vector<Run> runs_;
  std::set<std::string> visited_;
  std::size_t found_ = 0;  ///< below the folder that is read, be it known already
};

}  // namespace

Report read_results(const std::vector<std::string>& folders) {
  Reader reader;
  for (const std::string& folder : folders) reader.read(folder);
  return std::move(reader).report();
}

}  // namespace dflare::report
