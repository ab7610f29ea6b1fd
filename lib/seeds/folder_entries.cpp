#include "seeds/folder_entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/filesystem/operations.hpp>
#include <locale>
#include <utility>

#include "dflare/error.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

std::string extension_of(const fs::path& path) {
  return boost::algorithm::to_lower_copy(path.extension().string(), std::locale::classic());
}

bool is_image(const std::string& extension) {
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" ||
         extension == ".bmp" || extension == ".webp";
}

std::string shown(const std::string& extension) {
  return extension.empty() ? "no suffix" : extension;
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().front() == '.';
}

}  // namespace

FolderEntries entries_of(const std::string& folder) {
  FolderEntries entries;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (is_hidden(entry.path())) continue;
      const std::string name = entry.path().filename().string();
      const std::string extension = extension_of(entry.path());
      boost::system::error_code ignored;
      if (fs::is_directory(entry.path(), ignored)) {
        entries.folders.push_back(name);
      } else if (is_image(extension)) {
        entries.images.push_back(name);
      } else {
        ++entries.rest[extension];
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw SeedError(fmt::format("seed folder '{}' cannot be read: {}; check its permissions",
                                folder, error.code().message()));
  }
  std::sort(entries.images.begin(), entries.images.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

std::size_t images_within(const std::string& folder) {
  std::size_t images = 0;
  boost::system::error_code failed;
  fs::recursive_directory_iterator at(folder, failed), end;
  // What cannot be read is not counted.
  for (; at != end && !failed && images < most_counted; at.increment(failed)) {
    boost::system::error_code ignored;
    const bool folder_here = fs::is_directory(at->path(), ignored);
    if (is_hidden(at->path())) {
      if (folder_here) at.disable_recursion_pending();
    } else if (!folder_here && is_image(extension_of(at->path()))) {
      ++images;
    }
  }
  return images;
}

std::string rest_remark(const std::map<std::string, std::size_t>& rest) {
  constexpr std::size_t most_named = 6;
  std::vector<std::pair<std::string, std::size_t>> kinds(rest.begin(), rest.end());
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::size_t count = 0;
  std::string names;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    count += kinds[i].second;
    if (i == most_named) names += ", ...";
    if (i >= most_named) continue;
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", shown(kinds[i].first), kinds[i].second);
  }
  return count == 1 ? fmt::format("1 file of another kind ({}) is left out", shown(kinds[0].first))
                    : fmt::format("{} files of other kinds ({}) are left out", count, names);
}

}  // namespace dflare
