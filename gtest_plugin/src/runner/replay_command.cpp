#include "runner/replay_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cstdio>
#include <numeric>

#include "check/expectation/words.hpp"
#include "check/text/failure_message.hpp"
#include "dflare/error.hpp"
#include "finding/document.hpp"
#include "finding/finding_folder.hpp"
#include "finding/finding_json.hpp"
#include "program/plain_text.hpp"

namespace dflare::gtest {
namespace {

using checking::percent;
using checking::runtime_text;

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
  std::string text =
      fmt::format("{:<10}  {}  {}\n", role, one_line_utf8(info.name), runtime_text(info));
  text += fmt::format("  recorded  {}\n  now       {}\n", top_three(recorded), top_three(now));
  return text;
}

/// Of the scores, recorded or of now.
double regret_of(const OwnedAnswer& scores) {
  return deviation_regret(scores.answer());
}

/// The findings below a folder that is none itself, in the order of their paths.
std::vector<std::string> findings_below(const std::string& folder) {
  namespace fs = boost::filesystem;
  std::vector<std::string> findings;
  if (!fs::is_directory(folder) || fs::exists(fs::path(folder) / finding_file)) return findings;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path inside = entry.path().parent_path();
    if (entry.path().filename() == finding_file && !is_unfinished(inside.filename().string()))
      findings.push_back(inside.string());
  }
  std::sort(findings.begin(), findings.end());
  return findings;
}

int replay_all(const std::vector<std::string>& findings, const ReplayRequest& request) {
  std::size_t deviating = 0, warned = 0;
  for (const std::string& finding : findings) {
    const Replay r = replay(finding, request.original, request.compressed, request.trust);
    deviating += r.deviates;
    warned += !r.warnings.empty();
    fmt::print("{}  {}, regret {:.3g} recorded, {:.3g} now\n", one_line_utf8(r.recorded.folder),
               r.deviates ? "deviates" : "does not deviate any more", regret_of(r.recorded),
               regret_of(r));
    for (const std::string& warning : r.warnings)
      fmt::print("  warning: {}\n", one_line_utf8(warning));
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
      fmt::format("it was {} and {}", r.recorded.original_label, r.recorded.compressed_label);
  if (by_label(r)) {
    return r.deviates ? fmt::format("It deviates: {}.\n", now)
                      : fmt::format("It does not deviate any more: {}.\n", then);
  }
  return r.deviates ? fmt::format("It deviates by the criterion '{}': {}.\n", r.criterion, now)
                    : fmt::format("It does not deviate any more by the criterion '{}': {}; {}.\n",
                                  r.criterion, now, then);
}

}  // namespace

std::string replay_text(const Replay& r) {
  const std::string folder = one_line_utf8(r.recorded.folder);
  std::string text = folder + "\n";
  text += fmt::format("{:<10}  {}\n", "seed", one_line_utf8(r.recorded.seed_id));
  text += model_text("original", r.original, r.recorded.original_scores, r.original_scores);
  text += model_text("compressed", r.compressed, r.recorded.compressed_scores, r.compressed_scores);
  text += fmt::format("{:<10}  {:.3g} recorded, {:.3g} now\n", "regret", regret_of(r.recorded),
                      regret_of(r));
  text +=
      fmt::format("{:<10}  {:.3g} recorded, {:.3g} now\n", "margin", r.recorded.margin, r.margin);
  if (!by_label(r)) text += fmt::format("{:<10}  {}\n", "criterion", r.criterion);
  if (r.recorded.transformation)
    text += fmt::format("{:<10}  {}\n", "changed", r.recorded.transformation->text());
  for (const char* picture : {"seed", "mutant", "difference"}) {
    text += fmt::format("{:<10}  {}/{}.png\n", picture, folder, picture);
  }
  for (const std::string& warning : r.warnings)
    text += fmt::format("warning: {}\n", one_line_utf8(warning));
  return lines_utf8(text + verdict_text(r));
}

int replay_command(const ReplayRequest& request) {
  const std::vector<std::string> findings = findings_below(request.folder);
  if (!findings.empty()) return replay_all(findings, request);
  const Replay result = replay(request.folder, request.original, request.compressed, request.trust);
  std::fputs(replay_text(result).c_str(), stdout);
  return result.deviates ? 1 : 0;
}

}  // namespace dflare::gtest
