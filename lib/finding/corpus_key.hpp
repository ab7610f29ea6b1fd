#pragma once

#include <map>
#include <string>
#include <vector>

#include "finding/finding_json.hpp"

namespace dflare {

/// Options as text, by name; as finding.json has them.
using OptionTexts = std::map<std::string, std::string>;
OptionTexts option_texts(const Options& options);

/// Names of options that say what a deviation is and which mutants are allowed, and are others in
/// the two. An option that one of them lacks (older versions do) is not compared.
std::vector<std::string> other_requests(const OptionTexts& recorded, const OptionTexts& now);

/// Equal for findings of which a corpus keeps but one.
std::string corpus_key(const std::string& seed_id, int original_label, int compressed_label,
                       const OptionTexts& options);

/// The folders of findings in a corpus, in the order of their names, without those that are being
/// written.
std::vector<std::string> corpus_folders(const std::string& corpus);

}  // namespace dflare
