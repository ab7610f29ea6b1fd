#include "model/process/command_files.hpp"

#include <algorithm>
#include <boost/filesystem.hpp>
#include <utility>

#include "model/identity.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

/// The file that a word names, in the folder that the command runs in; empty if none.
fs::path file_of(const std::string& word, const std::string& folder) {
  boost::system::error_code failure;
  for (const std::string& name : {word, word.substr(std::min(word.size(), word.find('=') + 1))}) {
    if (name.empty()) continue;
    const fs::path path = fs::absolute(name, folder.empty() ? fs::current_path() : folder);
    if (fs::is_regular_file(path, failure)) return path;
  }
  return {};
}

}  // namespace

CommandFiles files_of(const Command& command, const Hello& hello) {
  CommandFiles found;
  std::vector<std::pair<std::string, std::string>> hashes;  // names, which leave out the folder
  const auto add = [&](const std::string& name, const std::string& path) {
    hashes.emplace_back(name, sha256_of_file(path));
    found.files.push_back(path);
  };
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    const std::string& word = command.words[i];
    // A program without a folder is one of the PATH.
    if (i == 0 && word.find('/') == std::string::npos) continue;
    const fs::path path = file_of(word, command.folder);
    if (path.empty()) continue;
    const std::string name = path.filename().string();
    add(name, path.string());
    for (const ModelPart& part : parts_of(path.string())) add(name + "/" + part.name, part.path);
  }
  const bool known = std::any_of(hashes.begin(), hashes.end(),
                                 [&](const auto& one) { return one.second == hello.sha256; });
  if (!hello.sha256.empty() && !known)
    hashes.emplace_back(fs::path(hello.file).filename().string(), hello.sha256);
  found.sha256 = identity_of(std::move(hashes));
  return found;
}

}  // namespace dflare
