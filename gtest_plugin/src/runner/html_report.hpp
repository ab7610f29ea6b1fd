#pragma once

#include <string>
#include <vector>

#include "runner/results_json.hpp"

namespace dflare::gtest {

/// Writes the HTML report of a run: each pair's last result, its findings, and what became of its
/// tests. Throws FindingError where a finding cannot be read, Error where the file cannot be
/// written. `manifest` is the run's, for the lines that replay findings.
void write_html_report(const std::vector<PairResult>& results, const std::string& manifest,
                       const std::string& file);

}  // namespace dflare::gtest
