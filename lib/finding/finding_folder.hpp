#pragma once

#include <memory>
#include <string>

#include "dflare/search.hpp"

namespace dflare {

enum class Durable { no, yes };

/// The pictures of a finding, encoded: the bytes of its files.
struct EncodedPictures {
  std::string seed, mutant, difference;
  double difference_gain = 1;
  Image of_seed, of_mutant;  ///< what they are of
};

/// Those that SearchSink::prepare() left with the deviation, else encoded now, for files in
/// `folder`. Throws Error.
std::shared_ptr<const EncodedPictures> pictures_of(const Deviation& deviation,
                                                   const std::string& folder);

/// Writes a finding into `unfinished`, which is made anew, and renames that to `complete`; `json`
/// is the text of its finding.json. With Durable::yes it is whole after a power loss, or not there.
/// Throws Error or boost::filesystem::filesystem_error.
void write_finding_folder(const std::string& unfinished, const std::string& complete,
                          const EncodedPictures& pictures, const std::string& json,
                          Durable durable);

/// Takes a folder's name away and then its files, so that nobody sees a part of it as a finding;
/// one that somebody else removed is none's fault. Throws boost::filesystem::filesystem_error.
void remove_finding_folder(const std::string& folder);

/// Whether a folder of that name is no finding yet, or none any more.
bool is_unfinished(const std::string& name);

/// Whether the folder holds a finding.json, without which it is none.
bool is_finding_folder(const std::string& folder);

/// Whether a folder holds nothing but a finding's files, finding.json not among them or empty: what
/// an interrupted removal or a power loss left.
bool is_remains(const std::string& folder);

constexpr const char* writing_prefix = ".dflare-writing-";
constexpr const char* removing_prefix = ".dflare-removing-";
constexpr const char* unfinished_prefix = ".unfinished-";  ///< in a corpus

}  // namespace dflare
