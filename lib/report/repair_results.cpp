#include "report/repair_results.hpp"

#include <boost/filesystem/operations.hpp>
#include <map>

#include "finding/document.hpp"
#include "report/read_run.hpp"

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;

std::string in(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

std::optional<bool> state_in(const Document& document, const std::string& pointer) {
  if (!document.has(pointer)) return std::nullopt;  // a control that was not trained
  return document.get<bool>(pointer);
}

}  // namespace

bool is_repair(const std::string& folder) {
  return Document::is_one(in(folder, repair_report_file), repair_report_key);
}

Repair read_repair(const std::string& folder) {
  const Document document(in(folder, repair_report_file), repair_report_key, repair_report_version);
  document.get<std::string>("/verdict");
  document.get<std::string>("/models/original");
  document.get<std::string>("/models/compressed");
  document.get<std::vector<nlohmann::json>>("/rounds");
  document.get<std::vector<nlohmann::json>>("/gates");
  return {name_of_run(folder), document.get<nlohmann::ordered_json>("")};
}

bool tested_again(const Repair& repair) {
  const nlohmann::ordered_json::json_pointer share("/repaired/worst_repaired");
  return repair.report.contains(share) && !repair.report.at(share).is_null();
}

void note_repaired(const std::string& folder, Pair& unseen) {
  const std::string file = in(folder, repair_findings_file);
  if (!fs::exists(file)) return;
  const Document document(file, "dflare_repair_findings", 1);
  std::map<std::string, std::string> places;  // seed id -> of its row
  const auto rows = document.get<std::vector<nlohmann::json>>("/unseen_worst");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string place = fmt::format("/unseen_worst/{}", i);
    places[document.get<std::string>(place + "/seed")] = place;
  }
  for (Finding& finding : unseen.findings) {
    const auto place = places.find(finding.seed_id);
    if (place == places.end()) continue;
    finding.repaired = state_in(document, place->second + "/repaired");
    finding.repaired_by_control = state_in(document, place->second + "/repaired_by_control");
  }
}

}  // namespace dflare::report
