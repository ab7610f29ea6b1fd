#include "data/corpus.hpp"

#include <fmt/format.h>

#include <boost/filesystem.hpp>

#include "dflare/error.hpp"
#include "finding/corpus/corpus_key.hpp"
#include "finding/finding_json.hpp"
#include "finding/pictures.hpp"
#include "support/folder_lock.hpp"

namespace dflare::repair {
namespace {

namespace fs = boost::filesystem;

void require_same(const std::string& file, const char* which, const ModelRecord& recorded,
                  const ModelInfo& model) {
  if (recorded.sha256 == model.sha256) return;
  throw FindingError(fmt::format(
      "{}: this finding was made with another {} model: {} (SHA-256 {}), but '{}' has {}; give a "
      "corpus of this pair, or leave 'corpus' out to search",
      file, which, recorded.in_memory() ? recorded.name : recorded.file,
      recorded.sha256.substr(0, 12), model.path, model.sha256.substr(0, 12)));
}

}  // namespace

std::vector<RecordedFinding> read_corpus(const std::string& folder, const ModelInfo& original,
                                         const ModelInfo& compressed) {
  boost::system::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    throw FindingError(
        fmt::format("corpus '{}': there is no such folder; expected a folder of findings", folder));
  }
  // While it is held nobody replaces a finding.
  const FolderLock lock(folder, FolderLock::Kind::shared);
  const std::vector<std::string> folders = corpus_folders(folder);
  if (folders.empty()) {
    throw FindingError(fmt::format(
        "corpus '{}': no finding is in it (folders with a {}); give the folder that dflare-test "
        "wrote for this pair, or leave 'corpus' out to search",
        folder, finding_file));
  }
  std::vector<RecordedFinding> findings;
  for (const fs::path path : folders) {
    const std::string file = (path / finding_file).string();
    const Finding record = read_finding(path.string());
    criterion_of(record);  // nobody knows what was found by one that is not registered here
    require_same(file, "original", record.original, original);
    require_same(file, "compressed", record.compressed, compressed);
    findings.push_back({record.seed_id, read_image(picture_in(path.string(), seed_picture)),
                        read_image(picture_in(path.string(), mutant_picture)), record.true_label});
  }
  return findings;
}

}  // namespace dflare::repair
