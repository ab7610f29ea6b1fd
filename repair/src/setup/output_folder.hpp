#pragma once

#include <string>

#include "dflare/repair_settings.hpp"

namespace dflare::repair {

/// What is in the folder `out`.
namespace output_name {
constexpr const char* state = "state.bin";    ///< of an interrupted repair
constexpr const char* findings = "findings";  ///< folder: of the training seeds
constexpr const char* unseen = "unseen";      ///< folder: of the unseen seeds
constexpr const char* findings_json = "findings.json";
constexpr const char* report_json = "report.json";
constexpr const char* report_text = "report.txt";
}  // namespace output_name

/// A path in `out`.
std::string in_output(const Settings& settings, const char* name);

/// Where the repaired model is written.
std::string repaired_file(const Settings& settings);

// Rather now than after hours of training. Both throw ConfigError naming the key and the folder.

/// Makes `out`, tries whether the report and the model can be written, and sees to it that nothing
/// of an earlier run in `out` passes for this one's: its state only where that is to be resumed,
/// which throws ConfigError where there is none.
void prepare_output(const Settings& settings);
/// Whether all can be written, without making or writing anything.
void check_output(const Settings& settings);

}  // namespace dflare::repair
