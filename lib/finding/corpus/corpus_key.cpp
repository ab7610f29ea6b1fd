#include "finding/corpus/corpus_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "finding/finding_folder.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

const char* const request[] = {"criterion", "l_inf",           "l2",       "changed_pixels",
                               "ssim",      "rotate",          "scale",    "translate",
                               "shear",     "translate_share", "contrast", "brightness"};

}  // namespace

OptionTexts option_texts(const Options& options) {
  return options_json(options, false).get<OptionTexts>();
}

std::vector<std::string> other_requests(const OptionTexts& recorded, const OptionTexts& now) {
  std::vector<std::string> others;
  for (const char* name : request) {
    const auto then = recorded.find(name), today = now.find(name);
    if (then == recorded.end() || today == now.end() || then->second == today->second) continue;
    others.emplace_back(name);
  }
  return others;
}

std::string corpus_key(const std::string& seed_id, int original_label, int compressed_label,
                       const OptionTexts& options) {
  std::string key = fmt::format("{}\n{} {}\n", seed_id, original_label, compressed_label);
  const auto add = [&](const char* name) {
    const auto option = options.find(name);
    if (option != options.end()) key += fmt::format("{} {}\n", name, option->second);
  };
  add("objective");
  for (const char* name : request) add(name);
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
