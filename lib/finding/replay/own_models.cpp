#include "finding/replay/own_models.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/path.hpp>

#include "model/identity.hpp"
#include "model/process/child.hpp"
#include "support/files.hpp"

namespace dflare {
namespace {

/// Older findings have the words of a command as they were when it started.
bool same_command(const Command& own, const std::string& recorded) {
  return recorded == command_line(own) || recorded == command_line({own.words, "", {}});
}

bool same(const OwnModel& own, const ModelRecord& record) {
  const ModelSource& source = own.source;
  if (source.command() != nullptr)
    return record.backend == "process" && same_command(*source.command(), record.name);
  if (source.server() != nullptr) return record.backend == "server" && record.name == source.name();
  return record.is_file() && !record.sha256.empty() &&
         identity_of(read_file(source.path()), parts_of(source.path())) == record.sha256;
}

/// Also with the suffix of a shard.
bool is_folder_of(const std::string& name, const std::string& finding) {
  const std::string run = boost::filesystem::path(finding).parent_path().filename().string();
  return run == name || boost::starts_with(run, name + ".shard_");
}

}  // namespace

const OwnPair* own_pair(const std::vector<OwnPair>& pairs, const Finding& finding,
                        bool original_given, bool compressed_given) {
  for (const bool by_name : {true, false}) {
    for (const OwnPair& pair : pairs) {
      if (is_folder_of(pair.name, finding.folder) != by_name) continue;
      if ((original_given || same(pair.original, finding.original)) &&
          (compressed_given || same(pair.compressed, finding.compressed)))
        return &pair;
    }
  }
  return nullptr;
}

}  // namespace dflare
