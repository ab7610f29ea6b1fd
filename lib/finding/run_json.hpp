#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "dflare/finding.hpp"
#include "finding/source_json.hpp"

namespace dflare {

constexpr int run_version = 1;
constexpr const char* run_key = "dflare_run";
constexpr const char* run_file = "run.json";

/// run.json at the start of a run: what may differ between equal runs, and where the models are.
nlohmann::ordered_json run_started(const Model& original, const Model& compressed,
                                   const SeedSet& seeds, const Options& options);
/// Adds what is known at the end.
void run_finished(nlohmann::ordered_json& run, const SearchResult& result);

struct RecordedSources {
  RecordedSource original, compressed;
};
RecordedSources read_sources(const std::string& run_json_path);

}  // namespace dflare
