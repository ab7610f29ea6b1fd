#include "runner/html_report.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>

#include "check/verdict/corpus_report.hpp"
#include "model/unusual_answers.hpp"
#include "report/page.hpp"
#include "report/read_run.hpp"
#include "runner/suite_of.hpp"

namespace dflare::gtest {
namespace {

ModelRecord record_of_entry(const ModelEntry& entry, const ModelInfo& info) {
  ModelRecord record;
  record.file = boost::filesystem::path(entry.source.path()).filename().string();
  if (!record.is_file()) record.name = entry.source.name();
  record.sha256 = info.sha256;
  record.backend = info.backend;
  record.runtime = info.runtime;
  record.device = entry.load.device;
  record.engine = info.engine.empty() ? entry.load.engine : info.engine;
  record.input = entry.load.input;
  return record;
}

report::Labels labels_of(const Summary& s) {
  report::Labels labels;
  labels.evaluated = s.evaluated;
  labels.agreed = s.agreed;
  labels.labelled = s.labelled;
  labels.original_right = s.original_right;
  labels.compressed_right = s.compressed_right;
  labels.deviations = s.deviations_labelled;
  labels.deviations_original_right = s.deviations_original_right;
  labels.deviations_compressed_right = s.deviations_compressed_right;
  labels.deviations_neither_right = s.deviations_neither_right;
  return labels;
}

/// Of a pair whose findings were not to be written, or whose models could not be loaded; then a
/// folder of that name would be an earlier run's.
report::Pair without_findings(const PairResult& result) {
  report::Pair pair;
  pair.original = record_of_entry(result.pair->original, result.original);
  pair.compressed = record_of_entry(result.pair->compressed, result.compressed);
  pair.seeds = result.pair->seeds.name();
  pair.seed_count = result.pair->seeds.size();
  pair.options = recorded_options(result.pair->options);
  return pair;
}

std::optional<report::Verdict> verdict_on(const PairResult& result) {
  const Pair& pair = *result.pair;
  const auto* suite = suite_of(pair);
  if (suite == nullptr) return std::nullopt;
  return report::Verdict{pair.expectation.text(pair.options), suite->Passed(), result.failures};
}

report::Pair pair_of(const PairResult& result) {
  const bool written = !result.folder.empty() && !result.compressed.name.empty();
  report::Pair pair = written ? report::read_run(result.folder) : without_findings(result);
  pair.name = result.pair->name;
  pair.error = result.error;
  if (result.error.empty()) {
    pair.outcomes = Tally(result.summary);
    pair.labels = labels_of(result.summary);
  }
  pair.remarks = result.remarks;
  pair.original_answers = unusual_answers(result.original.scores, result.original.one_by_one);
  pair.compressed_answers = unusual_answers(result.compressed.scores, result.compressed.one_by_one);
  pair.verdict = verdict_on(result);
  if (!result.corpus.folder.empty()) {
    pair.corpus = checking::corpus_line(checking::pointers_to(result.corpus.findings));
    if (result.error.empty() && !result.searched) pair.corpus += "; nothing was searched";
  }
  return pair;
}

}  // namespace

void write_html_report(const std::vector<PairResult>& results, const std::string& manifest,
                       const std::string& file) {
  report::Report report;
  int last = 0;
  for (const PairResult& result : results) last = std::max(last, result.iteration);
  for (const PairResult& result : results) {
    if (result.iteration != last) continue;
    report.pairs.push_back(pair_of(result));
    report.pairs.back().manifest = manifest;
  }
  report::write_page(report, file);
}

}  // namespace dflare::gtest
