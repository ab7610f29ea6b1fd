#include "runner/results_json.hpp"

#include <boost/filesystem/path.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "check/expectation/kind.hpp"
#include "check/text/label_facts.hpp"
#include "finding/finding_json.hpp"
#include "finding/label_counts_json.hpp"
#include "flags/output_folder.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "runner/machine.hpp"
#include "support/absolute_path.hpp"

namespace dflare::gtest {
namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json model_json(const ModelEntry& entry, const ModelInfo& info) {
  return {{"file", entry.source.name()},
          {"sha256", text_or_null(info.sha256)},
          {"backend", text_or_null(info.backend)},
          {"runtime", text_or_null(info.runtime)},
          {"device", entry.load.device},
          {"engine", text_or_null(info.engine.empty() ? entry.load.engine : info.engine)}};
}

ordered_json outcomes_json(const Tally& outcomes) {
  ordered_json json;
  for (const OutcomeRow& row : outcomes_table()) json[row.name] = outcomes[row.outcome];
  return json;
}

ordered_json expectation_json(const Expectation& expectation) {
  if (!expectation.kind().has_bound()) return expectation.name();
  return {{expectation.name(), expectation.bound()}};
}

ordered_json corpus_json(const CorpusReport& corpus) {
  if (corpus.folder.empty()) return nullptr;
  ordered_json deviating = ordered_json::array();
  for (const CorpusFinding& finding : corpus.findings) {
    if (finding.state == CorpusState::deviates) deviating.push_back(finding.recorded.folder);
  }
  return {{"folder", corpus.folder},
          {"replayed", corpus.findings.size()},
          {"deviate", corpus.count(CorpusState::deviates)},
          {"fixed", corpus.count(CorpusState::fixed)},
          {"not_valid", corpus.count(CorpusState::not_valid)},
          {"added", corpus.added},
          {"deviating", deviating}};
}

ordered_json number_or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

/// How the models do on the seed inputs as they are, and who is right where they deviate: shares
/// of what was evaluated, and the counts.
void add_label_facts(const Summary& s, ordered_json& json) {
  json["agreement"] = number_or_null(checking::agreement(s));
  json["original_accuracy"] = number_or_null(checking::original_accuracy(s));
  json["compressed_accuracy"] = number_or_null(checking::compressed_accuracy(s));
  json["seeds_as_they_are"] = seeds_as_they_are_json(s);
  json["deviations"] = deviations_json(s);
}

ordered_json examination_json(const PairResult& r) {
  if (!r.examination) return nullptr;
  const Examination& e = *r.examination;
  const auto model = [](const ModelInfo& info) {
    return ordered_json{{"scores", text_or_null(info.scores)}, {"one_by_one", info.one_by_one}};
  };
  return {{"images", e.images},
          {"evaluations", e.evaluations},
          {"classes", e.classes},
          {"classes_given", e.classes_given},
          {"labelled", e.labelled},
          {"original_right", e.original_right},
          {"compressed_right", e.compressed_right},
          {"agreed", e.agreed},
          {"original", model(r.original)},
          {"compressed", model(r.compressed)}};
}

/// Figures of searches for the worst or the closest deviation; null after others.
void add_objective_figures(const Summary& s, const Options& options, ordered_json& json) {
  const checking::ExpectationKind& measure = checking::measured_by(options);
  for (const auto& kind : checking::expectation_kinds()) {
    const bool there = kind.get() == &measure && kind->has_figures(s);
    for (const checking::NamedFigure& figure : kind->figures(s)) {
      const auto& values = figure.values;
      json[figure.key] = !there               ? ordered_json()
                         : values.size() == 1 ? ordered_json(values.front())
                                              : ordered_json(values);
    }
  }
}

ordered_json row(const PairResult& r) {
  const Summary& s = r.summary;
  const Options& options = r.pair->options;
  const Counts& counts = r.figures.counts;
  const char* commit = std::getenv("DFLARE_COMMIT");
  const Shard shard = current_shard();
  ordered_json json;
  json["name"] = r.pair->name;
  json["error"] = text_or_null(lines_utf8(r.error));
  json["remarks"] = ordered_json::array();
  for (const std::string& remark : r.remarks) json["remarks"].push_back(one_line_utf8(remark));
  json["examination"] = examination_json(r);
  json["interrupted"] = interrupted();
  json["complete"] = r.error.empty() && r.searched && s.complete();
  json["searched"] = r.searched;
  json["corpus"] = corpus_json(r.corpus);
  json["iteration"] = r.iteration;
  json["shard"] = {{"index", shard.index}, {"total", shard.total}};
  json["original"] = model_json(r.pair->original, r.original);
  json["compressed"] = model_json(r.pair->compressed, r.compressed);
  json["runtime"] = text_or_null(r.original.runtime);
  json["machine"] = {{"cpu", cpu_name()}, {"cores", cpu_cores()}};
  json["dflare"] = DFLARE_VERSION;
  json["commit"] = text_or_null(commit == nullptr ? "" : commit);
  json["seed_source"] = r.pair->seeds.name();
  json["seeds"] = s.seeds;
  json["judged"] = s.judged;
  json["outcomes"] = outcomes_json(s);
  json["cut_short"] = s.cut_short;
  json["expectation"] = expectation_json(r.pair->expectation);
  json["rate"] = s.rate;
  json["interval"] = {s.interval.low, s.interval.high};
  const Expectation& expected = r.pair->expectation;
  json["rate_allowed"] =
      expected.name() == "deviation_rate_le" ? ordered_json(expected.bound()) : ordered_json();
  add_label_facts(s, json);
  json["mean_queries"] = s.mean_queries;
  json["median_queries"] = s.median_queries;
  json["queries"] = counts.queries;
  json["queries_per_found"] = s.queries_per_found;
  json["mean_gradients"] = s.mean_gradients;
  json["gradients"] = counts.gradients;
  json["mean_paths"] = s.mean_paths;
  json["first_looks"] = counts.first_looks;
  json["examined"] = counts.examination;
  json["sample"] = counts.sample;
  json["minimising"] = counts.minimising;
  json["confirmations"] = counts.confirmations;
  json["refuted"] = counts.refuted;
  json["batches"] = counts.batches;
  json["wall_seconds"] = r.figures.wall_seconds;
  json["cpu_seconds"] = r.figures.cpu_seconds;
  json["inference_seconds"] = r.figures.inference_seconds;
  json["workers"] = r.figures.workers;
  json["mean_l2"] = s.mean_l2;
  json["mean_l_inf"] = s.mean_l_inf;
  json["mean_ssim"] = s.mean_ssim;
  json["mean_regret"] = s.mean_regret;
  json["mean_margin"] = s.mean_margin;
  add_objective_figures(s, options, json);
  json["strategy"] = options.strategy();
  json["rng_seed"] = options.rng_seed();
  json["options"] = options_json(options, true);
  json["findings"] = text_or_null(r.folder);
  return json;
}

}  // namespace

std::string json_path(const std::string& path) {
  const boost::filesystem::path given(absolute_path(path));
  return (given.parent_path() /
          (given.stem().string() + current_shard().suffix() + given.extension().string()))
      .string();
}

std::string results_json(const std::vector<PairResult>& results) {
  ordered_json rows = ordered_json::array();
  for (const PairResult& result : results) rows.push_back(row(result));
  const ordered_json json = {{"dflare", DFLARE_VERSION}, {"pairs", std::move(rows)}};
  // Paths need not be UTF-8.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace dflare::gtest
