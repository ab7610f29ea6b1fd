#include "finding/corpus/corpus_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/operations.hpp>
#include <iterator>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "finding/finding_folder.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// As keys have had them so far, which name the folders of findings.
const char* const known_order[] = {"objective",      "criterion", "l_inf",           "l2",
                                   "changed_pixels", "ssim",      "rotate",          "scale",
                                   "translate",      "shear",     "translate_share", "contrast",
                                   "brightness"};

struct KeyOption {
  const OptionRow* row;
  bool is_known;  ///< findings without it are older than it, and were searched with its default
};

/// The options of the roles, those that keys have had so far in their order.
std::vector<KeyOption> key_options(const std::vector<OptionRole>& roles) {
  std::vector<const OptionRow*> rows;
  for (const OptionRow& row : options_table()) {
    if (std::count(roles.begin(), roles.end(), row.role) > 0) rows.push_back(&row);
  }
  const auto place = [](const OptionRow* row) {
    return std::find(std::begin(known_order), std::end(known_order), row->name) - known_order;
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const OptionRow* a, const OptionRow* b) { return place(a) < place(b); });
  std::vector<KeyOption> options;
  for (const OptionRow* row : rows)
    options.push_back({row, place(row) < std::end(known_order) - std::begin(known_order)});
  return options;
}

}  // namespace

OptionTexts option_texts(const Options& options) {
  const OptionValues values = recorded_options(options);
  return {values.begin(), values.end()};
}

std::vector<std::string> other_requests(const OptionTexts& recorded, const OptionTexts& now) {
  std::vector<std::string> others;
  for (const KeyOption& option : key_options({OptionRole::deviation})) {
    const std::string& name = option.row->name;
    const auto then = recorded.find(name), today = now.find(name);
    if (then == recorded.end() || today == now.end() || then->second == today->second) continue;
    others.push_back(name);
  }
  return others;
}

std::string corpus_key(const std::string& seed_id, int original_label, int compressed_label,
                       const OptionTexts& options) {
  std::string key = fmt::format("{}\n{} {}\n", seed_id, original_label, compressed_label);
  for (const auto& [row, is_known] : key_options({OptionRole::goal, OptionRole::deviation})) {
    const auto option = options.find(row->name);
    if (option == options.end() || (!is_known && option->second == row->get(Options()))) continue;
    key += fmt::format("{} {}\n", row->name, option->second);
  }
  return key;
}

std::string corpus_key(const Finding& finding) {
  return corpus_key(finding.seed_id, finding.original_label, finding.compressed_label,
                    finding.options);
}

double badness(const Criteria& criterion, const Measurement& measurement) {
  return criterion.severity() == Severity::margin ? measurement.margin : measurement.regret;
}

double badness(const Finding& finding) {
  return badness(criterion_of(finding), finding);
}

std::vector<std::string> corpus_folders(const std::string& corpus) {
  std::vector<std::string> folders;
  const std::string unknown = why_unknown(corpus);
  if (!unknown.empty())
    throw FindingError(fmt::format(
        "cannot read the corpus '{}': {}; give another folder (option corpus)", corpus, unknown));
  if (!fs::is_directory(corpus)) return folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(corpus)) {
    if (boost::starts_with(entry.path().filename().string(), ".")) continue;
    if (is_finding_folder(entry.path().string())) folders.push_back(entry.path().string());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::optional<Finding> finding_in(const std::string& folder) {
  try {
    return read_finding(folder);
  } catch (const FindingError&) {
    if (is_finding_folder(folder)) throw;
    return std::nullopt;
  }
}

}  // namespace dflare
