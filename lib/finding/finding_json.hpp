#pragma once

#include <nlohmann/json.hpp>
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

/// The criterion of a finding; an older one has none and is judged by label. Throws FindingError
/// for one that nobody registered.
Criteria criterion_of(const Finding& finding);

}  // namespace dflare
