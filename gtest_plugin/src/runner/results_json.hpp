#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dflare/check.hpp"
#include "runner/manifest.hpp"

namespace dflare::gtest {

/// What became of a pair in one iteration (--gtest_repeat).
struct PairResult {
  const Pair* pair = nullptr;
  int iteration = 0;
  ModelInfo original, compressed;
  std::optional<Examination> examination;
  std::vector<std::string> remarks;  ///< SearchTask::remarks()
  Summary summary;
  SearchResult figures;  ///< without the seeds, of which only the summary is kept
  CorpusReport corpus;
  bool searched = true;               ///< false: the corpus alone failed or passed it
  std::string folder;                 ///< of the findings; empty: none were written
  std::string error;                  ///< why it could not be tested; else empty
  std::vector<std::string> failures;  ///< the messages of its tests that failed
};

/// A file that a flag (--dflare_json) asks for, with the suffix of this shard before its extension.
std::string json_path(const std::string& path);

/// All results, a row a pair.
std::string results_json(const std::vector<PairResult>& results);

}  // namespace dflare::gtest
