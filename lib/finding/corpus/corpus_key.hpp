#pragma once

#include <map>
#include <optional>
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
std::string corpus_key(const Finding& finding);

/// How bad a finding is, of which a corpus keeps the worst among those of equal keys: its regret,
/// or its margin where the criterion asks for one.
double badness(const Criteria& criterion, const Measurement& measurement);
/// By its own criterion. Throws FindingError for one that nobody registered.
double badness(const Finding& finding);

/// The folders of findings in a corpus, in the order of their names. Others (without finding.json,
/// being written or removed) are none. Throws FindingError where it cannot be known what there is.
std::vector<std::string> corpus_folders(const std::string& corpus);

/// The finding in a folder of a corpus; none where it was removed since it was listed. Throws
/// FindingError as read_finding() does.
std::optional<Finding> finding_in(const std::string& folder);

}  // namespace dflare
