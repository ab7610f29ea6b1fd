#include "runner/replay_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "dflare/error.hpp"
#include "failure_message.hpp"
#include "finding/finding_json.hpp"
#include "support/files.hpp"
#include "verdict.hpp"

namespace dflare::gtest {
namespace {

/// "7 (62.0 %), 2 (30.1 %), 1 (1.0 %)"
std::string top_three(const std::vector<float>& scores) {
  std::vector<std::size_t> labels(scores.size());
  std::iota(labels.begin(), labels.end(), std::size_t{0});
  std::stable_sort(labels.begin(), labels.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::string text;
  for (std::size_t i = 0; i < labels.size() && i < 3; ++i) {
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", labels[i], percent(scores[labels[i]]));
  }
  return text;
}

std::string model_text(const char* role, const ModelInfo& info, const std::vector<float>& recorded,
                       const std::vector<float>& now) {
  std::string text = fmt::format("{:<10}  {}  {}\n", role, info.name, runtime_text(info));
  text += fmt::format("  recorded  {}\n  now       {}\n", top_three(recorded), top_three(now));
  return text;
}

RecordedScores recorded_scores(const std::string& folder) {
  const std::string file = folder + "/finding.json";
  try {
    const auto json = nlohmann::json::parse(read_file(file));
    return {json.at("original").at("scores").get<std::vector<float>>(),
            json.at("compressed").at("scores").get<std::vector<float>>()};
  } catch (const nlohmann::json::exception& e) {
    throw FindingError(fmt::format(
        "'{}' holds no scores of both models ({}); search again to write it anew", file, e.what()));
  }
}

/// The findings below a folder that is none itself, in the order of their paths.
std::vector<std::string> findings_below(const std::string& folder) {
  namespace fs = boost::filesystem;
  std::vector<std::string> findings;
  if (!fs::is_directory(folder) || fs::exists(fs::path(folder) / finding_file)) return findings;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() == finding_file)
      findings.push_back(entry.path().parent_path().string());
  }
  std::sort(findings.begin(), findings.end());
  return findings;
}

int replay_all(const std::vector<std::string>& findings, const std::string& original,
               const std::string& compressed) {
  std::size_t deviating = 0, warned = 0;
  for (const std::string& finding : findings) {
    const Replay r = replay(finding, original, compressed);
    deviating += r.deviates;
    warned += !r.warnings.empty();
    fmt::print("{}  {}, margin {:.3g} recorded, {:.3g} now\n", r.folder,
               r.deviates ? "deviates" : "does not deviate any more", r.recorded_margin, r.margin);
    for (const std::string& warning : r.warnings) fmt::print("  warning: {}\n", warning);
  }
  fmt::print("{} of {} findings deviate{}.\n", deviating, findings.size(),
             warned > 0 ? fmt::format("; {} with warnings", warned) : "");
  return deviating > 0 ? 1 : 0;
}

bool by_label(const Replay& r) {
  return r.criterion == Criteria().text();
}

std::string verdict_text(const Replay& r) {
  const std::string now = fmt::format("the original says {}, the compressed model {}",
                                      r.original_label, r.compressed_label);
  const std::string then =
      fmt::format("it was {} and {}", r.recorded_original_label, r.recorded_compressed_label);
  if (by_label(r)) {
    return r.deviates ? fmt::format("It deviates: {}.\n", now)
                      : fmt::format("It does not deviate any more: {}.\n", then);
  }
  return r.deviates ? fmt::format("It deviates by the criterion '{}': {}.\n", r.criterion, now)
                    : fmt::format("It does not deviate any more by the criterion '{}': {}; {}.\n",
                                  r.criterion, now, then);
}

}  // namespace

std::string replay_text(const Replay& r, const RecordedScores& recorded) {
  std::string text = fmt::format("{}\n", r.folder);
  text += fmt::format("{:<10}  {}\n", "seed", r.seed_id);
  text += model_text("original", r.original, recorded.original, r.original_scores);
  text += model_text("compressed", r.compressed, recorded.compressed, r.compressed_scores);
  text +=
      fmt::format("{:<10}  {:.3g} recorded, {:.3g} now\n", "margin", r.recorded_margin, r.margin);
  if (!by_label(r)) text += fmt::format("{:<10}  {}\n", "criterion", r.criterion);
  if (r.transformation) text += fmt::format("{:<10}  {}\n", "changed", r.transformation->text());
  for (const char* picture : {"seed", "mutant", "difference"}) {
    text += fmt::format("{:<10}  {}/{}.png\n", picture, r.folder, picture);
  }
  for (const std::string& warning : r.warnings) text += fmt::format("warning: {}\n", warning);
  return text + verdict_text(r);
}

int replay_command(const std::string& folder, const std::string& original,
                   const std::string& compressed) {
  const std::vector<std::string> findings = findings_below(folder);
  if (!findings.empty()) return replay_all(findings, original, compressed);
  const Replay result = replay(folder, original, compressed);
  std::fputs(replay_text(result, recorded_scores(result.folder)).c_str(), stdout);
  return result.deviates ? 1 : 0;
}

}  // namespace dflare::gtest
