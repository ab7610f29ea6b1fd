#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "found.hpp"
#include "fuzz.hpp"
#include "report/page.hpp"
#include "report/read_results.hpp"
#include "support/files.hpp"

// What a report is made of: run.json and finding.json of a run, report.json and findings.json of a
// repair.
namespace dflare::fuzz {
namespace {

constexpr const char* repair_report = R"({
  "dflare_repair_report": 1, "verdict": "repaired", "rounds": [{"round": 0, "validation": 0.5}],
  "models": {"original": "a.pt", "compressed": "b.pt"}, "gates": [{"name": "accuracy"}],
  "repaired": {"worst_repaired": 0.5}})";
constexpr const char* repair_findings = R"({"dflare_repair_findings": 1, "unseen_worst": [
  {"seed": "grey", "repaired": "repaired", "repaired_by_control": "deviates"}]})";

}  // namespace

void read(const std::string& bytes) {
  const std::vector<std::string> files = parted(bytes, 4);
  const std::string& run = found_run();
  scratch_file("run/run.json", files[0]);
  scratch_file("run/grey/finding.json", files[1]);
  std::vector<std::string> folders = {run};
  if (!files[2].empty()) {
    boost::filesystem::create_directories(scratch_folder() + "/repair");
    scratch_file("repair/report.json", files[2]);
    scratch_file("repair/findings.json", files[3]);
    folders.push_back(scratch_folder() + "/repair");
  }
  report::page(report::read_results(folders), scratch_folder());
}

std::vector<std::string> examples() {
  const std::string run = read_file(found_run() + "/run.json");
  const std::string finding = read_file(found_finding() + "/finding.json");
  return {joined({run, finding}), joined({run, finding, repair_report, repair_findings})};
}

}  // namespace dflare::fuzz
