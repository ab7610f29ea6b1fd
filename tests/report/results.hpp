#pragma once

// Folders of results made up for the tests of reports.

#include <string>
#include <vector>

#include "finding/fakes.hpp"

namespace dflare::test {

/// Writes findings of these seed ids on a pair of files, and finishes the run, of as many seed
/// inputs as there are in all shards.
void write_run(const std::string& folder, const std::vector<std::string>& seed_ids,
               std::size_t seeds_in_all = 10, const Options& options = {});
/// The same of given deviations.
void write_deviations(const std::string& folder, const std::vector<Deviation>& deviations,
                      std::size_t seeds_in_all = 10, const Options& options = {});

/// What dflare-repair writes: report.json, findings.json, and a folder of the unseen seeds'
/// findings. The first seed is repaired, the others are not; the control repaired none.
void write_repair(const std::string& folder, const std::vector<std::string>& seed_ids);

}  // namespace dflare::test
