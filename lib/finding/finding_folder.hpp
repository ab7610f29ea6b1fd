#pragma once

#include <string>

#include "dflare/search.hpp"
#include "finding/model_record.hpp"

namespace dflare {

/// Writes a finding into `unfinished`, which is made anew, and renames that to `complete`. Throws
/// Error or boost::filesystem::filesystem_error.
void write_finding_folder(const std::string& unfinished, const std::string& complete,
                          const Deviation& deviation, const ModelRecord& original,
                          const ModelRecord& compressed, const Options& options);

}  // namespace dflare
