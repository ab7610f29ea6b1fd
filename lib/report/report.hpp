#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dflare/finding.hpp"
#include "dflare/outcome.hpp"

namespace dflare::report {

/// A label and the probability that a model gives it.
struct Score {
  int label = 0;
  double score = 0;
};

/// A finding as its page shows it. Its pictures are read when the page is made.
struct Finding : FindingFigures {
  std::vector<Score> original_top, compressed_top;  ///< five at most, the surest first
  std::string change;                               ///< how the mutant was made, in words
  /// Whether the repaired model, and the control, no longer deviate on it; not given: no repair.
  std::optional<bool> repaired, repaired_by_control;
};

/// How the models do on the seed inputs as they are, and who is right where they deviate, in
/// counts.
struct Labels {
  std::size_t evaluated = 0, agreed = 0;                               ///< seed inputs
  std::size_t labelled = 0, original_right = 0, compressed_right = 0;  ///< of known class
  std::size_t deviations = 0, deviations_original_right = 0, deviations_compressed_right = 0,
              deviations_neither_right = 0;  ///< likewise

  Labels& operator+=(const Labels& other);
};

/// What a test expected of a pair, and whether it was so.
struct Verdict {
  std::string expectation;  ///< "a deviation rate of at most 0.03"
  bool passed = false;
  std::vector<std::string> messages;  ///< of the tests that failed
};

/// A pair of models and what was found on it.
struct Pair {
  std::string name;
  ModelRecord original, compressed;
  std::string original_answers, compressed_answers;  ///< unusual_answers()
  std::string original_path, compressed_path;        ///< of files, absolute, as run.json has them
  std::string manifest;                              ///< that this run was of; else empty
  std::string seeds;                                 ///< where they are from
  std::size_t seed_count = 0;
  std::string started;                                       ///< UTC, as run.json has it
  std::vector<std::pair<std::string, std::string>> options;  ///< those that change findings
  /// Not given where a run did not finish, or where runs overlap, so that no sum makes sense.
  std::optional<Tally> outcomes;
  std::optional<Labels> labels;      ///< likewise, nor where an older dflare wrote the run
  std::vector<std::string> remarks;  ///< what is strange and no error, a sentence each
  std::size_t runs = 1;              ///< merged into it
  std::size_t unfinished = 0;        ///< of these
  std::size_t duplicates = 0;        ///< findings dropped, as another run had their seed
  std::optional<Verdict> verdict;
  std::string corpus;  ///< what its replay said; empty where there is none
  std::string error;   ///< why it could not be tested
  std::vector<Finding> findings;
};

/// What dflare-repair reported.
struct Repair {
  std::string name;
  nlohmann::ordered_json report;  ///< its report.json
};

struct Report {
  std::string title = "dflare";
  std::vector<Pair> pairs;
  std::vector<Repair> repairs;

  std::size_t finding_count() const;
};

}  // namespace dflare::report
