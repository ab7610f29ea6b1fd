#pragma once

#include <string>

#include "report/report.hpp"

namespace dflare::report {

/// Reads a folder of findings, with its run.json, as one pair named after the folder; findings in
/// the order of their seeds. Throws FindingError likewise.
Pair read_run(const std::string& folder);

/// The folder's name, without the suffix of a shard: "MnistW4" of "out/MnistW4.shard_1_of_2"; with
/// that of the folder above it where it says nothing: "repair/findings".
std::string name_of_run(const std::string& folder);

}  // namespace dflare::report
