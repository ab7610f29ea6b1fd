#pragma once

#include <string>

#include "report/report.hpp"

namespace dflare::report {

constexpr const char* repair_report_key = "dflare_repair_report";
constexpr int repair_report_version = 1;
/// Within the folder that dflare-repair writes into.
constexpr const char* repair_report_file = "report.json";
constexpr const char* repair_findings_file = "findings.json";
constexpr const char* repair_unseen_folder = "unseen";

/// Whether dflare-repair wrote into this folder.
bool is_repair(const std::string& folder);

/// Its report. Throws FindingError if that is damaged.
Repair read_repair(const std::string& folder);

/// Whether unseen seeds were searched; else their folder may hold the findings of an earlier
/// repair.
bool tested_again(const Repair& repair);

/// Notes on the findings of the unseen seeds which of them the repair, and the control, repaired.
void note_repaired(const std::string& folder, Pair& unseen);

}  // namespace dflare::report
