#pragma once

#include <string>

namespace dflare {

/// Creates the folder and makes it ready for the findings of a new run: those of an earlier run are
/// removed, and nothing else is. Throws FindingError if that cannot be, or if the folder holds a
/// run.json that is not dflare's.
void prepare_output_folder(const std::string& folder);

/// The folder of a seed input's finding.
std::string finding_folder(const std::string& folder, const std::string& seed_id);
/// Where it is written before it is complete.
std::string unfinished_folder(const std::string& folder, const std::string& seed_id);
std::string failure_folder(const std::string& folder, const std::string& seed_id);

/// First words of a failure's message.txt, by which a later run knows it as dflare's.
constexpr const char* failure_mark = "dflare failed at seed input";
constexpr const char* failure_picture = "image.png";
constexpr const char* failure_message = "message.txt";

}  // namespace dflare
