#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace dflare {

/// What a folder holds, by names alone; hidden entries are passed over.
struct FolderEntries {
  std::vector<std::string> images;          ///< by extension, sorted; a broken link counts
  std::vector<std::string> folders;         ///< sorted
  std::map<std::string, std::size_t> rest;  ///< other files by extension, in lower case
};

/// Throws SeedError if the folder cannot be read.
FolderEntries entries_of(const std::string& folder);

/// The images in it and in all folders inside, up to a limit, where counting ends.
constexpr std::size_t most_counted = 100000;
std::size_t images_within(const std::string& folder);

/// "27 files of other kinds (.tif 20, .ppm 7) are left out", the most frequent ones first.
std::string rest_remark(const std::map<std::string, std::size_t>& rest);

}  // namespace dflare
