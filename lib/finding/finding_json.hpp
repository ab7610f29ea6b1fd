#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dflare/finding.hpp"
#include "finding/model_record.hpp"

namespace dflare {

/// 2: criterion, transformation, gradients and paths. Readers of version 1 would judge by label
/// what was found by another criterion.
constexpr int finding_version = 2;
constexpr const char* finding_key = "dflare_finding";
constexpr const char* finding_file = "finding.json";
constexpr const char* seed_picture = "seed.png";
constexpr const char* mutant_picture = "mutant.png";

/// The options as text, by name; all of them, or only those that change findings.
nlohmann::ordered_json options_json(const Options& options, bool all);

/// finding.json of a deviation. Equal runs give equal bytes: no times, folders or workers are in
/// it.
nlohmann::ordered_json finding_json(const Deviation& deviation, double difference_gain,
                                    const ModelRecord& original, const ModelRecord& compressed,
                                    const Options& options);

/// What a replay needs of finding.json, of whatever version.
struct FindingRecord {
  std::string seed_id;
  std::optional<int> true_label;
  Criteria criterion;
  std::optional<Transformation> transformation;
  int original_label = 0, compressed_label = 0;
  double regret = 0, margin = 0;
  int queries = 0;
  bool as_it_is = false;
  ModelRecord original, compressed;
  std::map<std::string, std::string> options;  ///< as text; older versions lack some
};
/// Throws FindingError if the file is damaged, or names a criterion that nobody registered.
FindingRecord read_finding(const std::string& path);

/// The transformation that made a finding's mutant, where it was one alone.
std::optional<Transformation> transformation_in(const Document& document);

}  // namespace dflare
