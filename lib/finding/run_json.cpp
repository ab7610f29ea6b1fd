#include "finding/run_json.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "dflare/statistics.hpp"
#include "finding/finding_json.hpp"
#include "finding/label_counts_json.hpp"

namespace dflare {
namespace {

using nlohmann::ordered_json;

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

ordered_json model_json(const Model& model) {
  ordered_json json = source_json(model.info());
  json.update(to_json(record_of(model)));
  return json;
}

}  // namespace

ordered_json run_started(const Model& original, const Model& compressed, const SeedSet& seeds,
                         const Options& options) {
  ordered_json run;
  run[run_key] = run_version;
  run["dflare"] = DFLARE_VERSION;
  run["started"] = now();
  run["finished"] = nullptr;
  run["seeds"]["name"] = seeds.name();
  run["seeds"]["size"] = seeds.size();
  run["remarks"] = seeds.remarks();
  run["models"]["original"] = model_json(original);
  run["models"]["compressed"] = model_json(compressed);
  run["options"] = options_json(options, true);
  return run;
}

void run_finished(ordered_json& run, const SearchResult& result) {
  run["finished"] = now();
  const Summary summary = summarise(result);
  for (const OutcomeRow& row : outcomes_table()) run["outcomes"][row.words] = summary[row.outcome];
  run["cut_short"] = summary.cut_short;
  run["regret"]["mean_worst"] = summary.mean_worst_regret;
  run["regret"]["mean_worst_interval"] = {summary.worst_regret_interval.low,
                                          summary.worst_regret_interval.high};
  run["regret"]["largest"] = summary.largest_regret;
  run["seeds_as_they_are"] = seeds_as_they_are_json(summary);
  run["deviations"] = deviations_json(summary);
  run["counts"]["queries"] = result.counts.queries;
  run["counts"]["first_looks"] = result.counts.first_looks;
  run["counts"]["examination"] = result.counts.examination;
  run["counts"]["gradients"] = result.counts.gradients;
  run["counts"]["sample"] = result.counts.sample;
  run["counts"]["minimising"] = result.counts.minimising;
  run["counts"]["confirmations"] = result.counts.confirmations;
  run["counts"]["refuted"] = result.counts.refuted;
  run["counts"]["batches"] = result.counts.batches;
  run["seconds"]["wall"] = result.wall_seconds;
  run["seconds"]["cpu"] = result.cpu_seconds;
  run["seconds"]["inference"] = result.inference_seconds;
  run["workers"] = result.workers;
}

RecordedSources read_sources(const std::string& run_json_path) {
  const Document run(run_json_path, run_key, run_version);
  return {recorded_source(run, "/models/original"), recorded_source(run, "/models/compressed")};
}

}  // namespace dflare
