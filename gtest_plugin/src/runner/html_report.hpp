#pragma once

#include <string>
#include <vector>

#include "runner/results_json.hpp"

namespace dflare::gtest {

/// Writes the HTML report of a run: each pair's last result, its findings, and what became of its
/// tests. Throws FindingError where a finding cannot be read, Error where the file cannot be
/// written.
void write_html_report(const std::vector<PairResult>& results, const std::string& file);

}  // namespace dflare::gtest
