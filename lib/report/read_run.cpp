#include "report/read_run.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <regex>
#include <set>
#include <tuple>

#include "dflare/deviation.hpp"
#include "dflare/options.hpp"
#include "dflare/outcome.hpp"
#include "finding/finding_folder.hpp"
#include "finding/finding_json.hpp"
#include "finding/model_record.hpp"
#include "finding/output_folder.hpp"
#include "finding/run_json.hpp"
#include "model/unusual_answers.hpp"
#include "report/change_text.hpp"
#include "report/repair_results.hpp"

namespace dflare::report {
namespace {

namespace fs = boost::filesystem;

std::vector<Score> top_of(const std::vector<float>& scores) {
  constexpr std::size_t shown = 5;
  std::vector<Score> top;
  for (std::size_t i = 0; i < scores.size(); ++i) top.push_back({static_cast<int>(i), scores[i]});
  std::stable_sort(top.begin(), top.end(),
                   [](const Score& a, const Score& b) { return a.score > b.score; });
  if (top.size() > shown) top.resize(shown);
  return top;
}

Finding finding_in(const std::string& folder) {
  const dflare::Finding recorded = read_finding(folder);
  Finding finding;
  static_cast<FindingFigures&>(finding) = recorded;
  // Of the scores that are shown beside it, whatever is recorded.
  finding.regret = deviation_regret(recorded.answer());
  finding.original_top = top_of(recorded.original_scores);
  finding.compressed_top = top_of(recorded.compressed_scores);
  finding.change = change_text(recorded);
  return finding;
}

std::optional<Tally> outcomes_in(const Document& run) {
  if (!run.has("/outcomes")) return std::nullopt;
  Tally outcomes;
  for (const OutcomeRow& row : outcomes_table())
    outcomes[row.outcome] = run.get<std::size_t>(std::string("/outcomes/") + row.words);
  return outcomes;
}

/// Not given by an older dflare, nor by a run that did not finish.
std::optional<Labels> labels_in(const Document& run) {
  if (!run.has("/seeds_as_they_are") || !run.has("/deviations")) return std::nullopt;
  const auto count = [&](const char* name) { return run.get<std::size_t>(name); };
  Labels labels;
  labels.evaluated = count("/seeds_as_they_are/evaluated");
  labels.agreed = count("/seeds_as_they_are/agreed");
  labels.labelled = count("/seeds_as_they_are/labelled");
  labels.original_right = count("/seeds_as_they_are/original_right");
  labels.compressed_right = count("/seeds_as_they_are/compressed_right");
  labels.deviations = count("/deviations/labelled");
  labels.deviations_original_right = count("/deviations/original_right");
  labels.deviations_compressed_right = count("/deviations/compressed_right");
  labels.deviations_neither_right = count("/deviations/neither_right");
  return labels;
}

/// Not given by an older dflare, nor where nothing was examined.
std::string answers_in(const Document& run, const std::string& model) {
  const std::string scores = model + "/scores", alone = model + "/one_by_one";
  return unusual_answers(run.has(scores) ? run.get<std::string>(scores) : "",
                         run.has(alone) && run.get<bool>(alone));
}

/// Empty for what is no file. A relative path is none that dflare wrote, and would be one of
/// wherever the reader of the page happens to be.
std::string path_in(const Document& run, const std::string& model) {
  const std::string at = model + "/path";
  const std::string path = run.has(at) ? run.get<std::string>(at) : "";
  return fs::path(path).is_absolute() ? path : "";
}

/// Without those that change no finding: workers, folders. Those that only the program of the run
/// knows, of a strategy that is registered there, count too.
OptionValues options_in(const Document& run) {
  OptionValues options;
  std::set<std::string> known;
  const auto add = [&](const std::string& name) {
    const std::string pointer = "/options/" + name;
    if (run.has(pointer)) options.emplace_back(name, run.get<std::string>(pointer));
  };
  for (const OptionRow& row : options_table()) {
    known.insert(row.name);
    if (changes_findings(row)) add(row.name);
  }
  if (!run.has("/options")) return options;
  const auto all = run.get<nlohmann::ordered_json>("/options");
  for (const auto& option : all.items()) {
    if (known.count(option.key()) == 0 && option.value().is_string())
      options.emplace_back(option.key(), option.value().get<std::string>());
  }
  return options;
}

std::vector<std::string> finding_folders_in(const std::string& folder) {
  std::vector<std::string> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (is_unfinished(entry.path().filename().string())) continue;
    if (fs::is_regular_file(entry.path() / finding_file)) folders.push_back(entry.path().string());
  }
  return folders;
}

}  // namespace

Pair read_run(const std::string& folder) {
  const Document run((fs::path(folder) / run_file).string(), run_key, run_version);
  Pair pair;
  pair.name = name_of_run(folder);
  pair.original = model_record(run, "/models/original");
  pair.compressed = model_record(run, "/models/compressed");
  pair.original_answers = answers_in(run, "/models/original");
  pair.compressed_answers = answers_in(run, "/models/compressed");
  pair.original_path = path_in(run, "/models/original");
  pair.compressed_path = path_in(run, "/models/compressed");
  pair.seeds = run.get<std::string>("/seeds/name");
  pair.seed_count = run.get<std::size_t>("/seeds/size");
  pair.started = run.get<std::string>("/started");
  pair.options = options_in(run);
  pair.outcomes = outcomes_in(run);
  pair.labels = labels_in(run);
  if (run.has("/remarks")) pair.remarks = run.get<std::vector<std::string>>("/remarks");
  pair.unfinished = pair.outcomes ? 0 : 1;
  for (const std::string& finding : finding_folders_in(folder))
    pair.findings.push_back(finding_in(finding));
  std::sort(pair.findings.begin(), pair.findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.position, a.seed_id) < std::tie(b.position, b.seed_id);
  });
  return pair;
}

std::string name_of_run(const std::string& folder) {
  static const std::regex shard(R"(\.shard_[0-9]+_of_[0-9]+$)");
  fs::path path = fs::absolute(folder).lexically_normal();
  if (path.filename() == ".") path = path.parent_path();  // was given with a '/' at its end
  std::string name = std::regex_replace(path.filename().string(), shard, "");
  const bool says_nothing = name == "findings" || name == repair_unseen_folder;
  return says_nothing ? (path.parent_path().filename() / name).string() : name;
}

}  // namespace dflare::report
