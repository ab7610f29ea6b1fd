#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem.hpp>
#include <ctime>
#include <set>

#include "dflare/corpus.hpp"
#include "dflare/error.hpp"
#include "finding/corpus/corpus_key.hpp"
#include "finding/finding_folder.hpp"
#include "support/files.hpp"
#include "support/folder_lock.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

const std::string unfinished_pattern = unfinished_prefix + std::string("%%%%-%%%%-%%%%-%%%%");
constexpr std::time_t long_ago = 3600;  // seconds; no finding takes that long to write

FindingError cannot_write(const std::string& folder, const char* reason) {
  return FindingError(fmt::format(
      "cannot write to the corpus '{}': {}; give another folder (option corpus), make this one "
      "writable, or leave it as it is (update_corpus: false)",
      folder, reason));
}

/// What a kill left behind. What another process writes or removes is younger.
void remove_leftovers(const fs::path& corpus) {
  for (const fs::directory_entry& entry : fs::directory_iterator(corpus)) {
    boost::system::error_code gone;
    const bool is_folder = entry.symlink_status(gone).type() == fs::directory_file;
    if (!is_folder ||
        !(is_unfinished(entry.path().filename().string()) || is_remains(entry.path().string())))
      continue;
    const std::time_t written = fs::last_write_time(entry.path(), gone);
    if (!gone && std::time(nullptr) - written > long_ago) fs::remove_all(entry.path(), gone);
  }
}

std::string name_of(const std::string& seed_id, const std::string& key, const Image& mutant) {
  const cv::Mat whole = mutant.isContinuous() ? mutant : mutant.clone();
  const std::string pixels(reinterpret_cast<const char*>(whole.data),
                           whole.total() * whole.elemSize());
  return fmt::format("{}-{}", safe_name(seed_id), sha256_of(key + pixels).substr(0, 12));
}

}  // namespace

struct CorpusWriter::State {
  struct Held {
    std::string folder;
    double badness;
  };
  std::string folder;
  ModelRecord original, compressed;
  Options options;
  OptionTexts texts;
  std::map<std::string, Held> held;  ///< by corpus_key()
  std::set<std::string> seen;        ///< folders of findings
  std::size_t added = 0;

  /// Those that are there now and were not at the last look, of all seed inputs or of one. Of
  /// duplicates the worst stays. Under the lock.
  void look(const std::string& start_of_names = "") {
    for (const std::string& path : corpus_folders(folder)) {
      if (!boost::starts_with(fs::path(path).filename().string(), start_of_names)) continue;
      if (!seen.insert(path).second) continue;
      const auto finding = finding_in(path);
      if (!finding) continue;
      hold(corpus_key(*finding), {path, badness(*finding)});
    }
  }

  void hold(const std::string& key, const Held& now) {
    const auto [place, is_new] = held.emplace(key, now);
    if (is_new || place->second.folder == now.folder) return;
    Held& before = place->second;
    const bool replaced = now.badness > before.badness || !is_finding_folder(before.folder);
    remove_finding_folder(replaced ? before.folder : now.folder);
    if (replaced) before = now;
  }

  /// Whether there is one at least as bad.
  bool has(const std::string& key, double bad) const {
    const auto found = held.find(key);
    return found != held.end() && found->second.badness >= bad &&
           is_finding_folder(found->second.folder);
  }

  std::string unfinished() const {
    return (fs::path(folder) / fs::unique_path(unfinished_pattern)).string();
  }

  void write(const std::string& unfinished, const std::string& complete,
             const EncodedPictures& pictures, const std::string& json) {
    // What stands in its place and is no finding.
    if (fs::exists(complete)) remove_finding_folder(complete);
    try {
      write_finding_folder(unfinished, complete, pictures, json, Durable::yes);
    } catch (...) {
      boost::system::error_code ignored;
      fs::remove_all(unfinished, ignored);
      throw;
    }
    ++added;
  }

  /// Whatever it throws as a FindingError.
  template <class Work>
  void trying(Work work) const {
    try {
      work();
    } catch (const FindingError&) {
      throw;
    } catch (const Error& error) {
      throw cannot_write(folder, error.what());
    } catch (const fs::filesystem_error& error) {
      throw cannot_write(folder, error.what());
    }
  }
};

CorpusWriter::CorpusWriter(const std::string& folder, const Model& original,
                           const Model& compressed, const Options& options)
    : state_(new State{folder,
                       record_of(original),
                       record_of(compressed),
                       options,
                       option_texts(options),
                       {},
                       {},
                       0}) {
  try {
    fs::create_directories(folder);
    const FolderLock lock(folder, FolderLock::Kind::alone);
    remove_leftovers(folder);
    state_->look();
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(folder, error.what());
  }
}

CorpusWriter::~CorpusWriter() = default;

void CorpusWriter::prepare(Deviation& deviation) const {
  state_->trying([&] { deviation.encoded = pictures_of(deviation, state_->unfinished()); });
}

void CorpusWriter::add(const Deviation& d) {
  State& s = *state_;
  const std::string key = corpus_key(d.seed.id, d.original_label, d.compressed_label, s.texts);
  const double bad = badness(s.options.criterion(), d);
  if (s.has(key, bad)) return;
  const std::string complete = (fs::path(s.folder) / name_of(d.seed.id, key, d.mutant)).string();
  s.trying([&] {
    const std::string unfinished = s.unfinished();
    const auto pictures = pictures_of(d, unfinished);
    const std::string json = document_text(
        finding_json(d, pictures->difference_gain, s.original, s.compressed, s.options));
    // Other processes look and write in their turn, so that one finding of a key is left.
    const FolderLock lock(s.folder, FolderLock::Kind::alone);
    s.look(safe_name(d.seed.id) + "-");
    if (s.has(key, bad)) return;
    if (!is_finding_folder(complete)) s.write(unfinished, complete, *pictures, json);
    s.seen.insert(complete);
    s.hold(key, {complete, bad});
  });
}

std::size_t CorpusWriter::added() const {
  return state_->added;
}

}  // namespace dflare
