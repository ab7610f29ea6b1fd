#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/finding.hpp"
#include "finding/model_record.hpp"

namespace dflare {

constexpr int finding_version = 1;
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

/// What a replay needs of finding.json.
struct FindingRecord {
  std::string seed_id;
  int original_label = 0, compressed_label = 0;
  double margin = 0;
  ModelRecord original, compressed;
};
FindingRecord read_finding(const std::string& path);

}  // namespace dflare
