#include <fmt/format.h>

#include <boost/filesystem.hpp>
#include <ctime>

#include "dflare/corpus.hpp"
#include "dflare/error.hpp"
#include "finding/corpus_key.hpp"
#include "finding/finding_folder.hpp"
#include "support/files.hpp"
#include "support/hash.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

const char* const unfinished_pattern = ".unfinished-%%%%-%%%%-%%%%-%%%%";
constexpr std::time_t long_ago = 3600;  // seconds; no finding takes that long to write

FindingError cannot_write(const std::string& folder, const char* reason) {
  return FindingError(fmt::format(
      "cannot write to the corpus '{}': {}; give another folder (option corpus), make this one "
      "writable, or leave it as it is (update_corpus: false)",
      folder, reason));
}

/// What a kill left behind. What another process is writing is younger.
void remove_leftovers(const fs::path& corpus) {
  for (const fs::directory_entry& entry : fs::directory_iterator(corpus)) {
    boost::system::error_code gone;
    if (entry.path().filename().string().rfind(".unfinished-", 0) != 0) continue;
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
    double margin;
  };
  std::string folder;
  ModelRecord original, compressed;
  Options options;
  OptionTexts texts;
  std::map<std::string, Held> held;  ///< by corpus_key()
  std::size_t added = 0;

  void read_what_is_there() {
    for (const std::string& path : corpus_folders(folder)) {
      const FindingRecord r = read_finding((fs::path(path) / finding_file).string());
      hold(corpus_key(r.seed_id, r.original_label, r.compressed_label, r.options),
           {path, r.margin});
    }
  }

  void hold(const std::string& key, const Held& held_now) {
    const auto [place, is_new] = held.emplace(key, held_now);
    if (!is_new && held_now.margin > place->second.margin) place->second = held_now;
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
                       0}) {
  try {
    fs::create_directories(folder);
    remove_leftovers(folder);
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(folder, error.what());
  }
  state_->read_what_is_there();
}

CorpusWriter::~CorpusWriter() = default;

void CorpusWriter::add(const Deviation& d) {
  State& s = *state_;
  const std::string key = corpus_key(d.seed.id, d.original_label, d.compressed_label, s.texts);
  const auto held = s.held.find(key);
  if (held != s.held.end() && held->second.margin >= d.margin) return;
  const fs::path corpus = s.folder;
  const std::string complete = (corpus / name_of(d.seed.id, key, d.mutant)).string();
  try {
    if (!fs::exists(complete)) {
      write_finding_folder((corpus / fs::unique_path(unfinished_pattern)).string(), complete, d,
                           s.original, s.compressed, s.options);
      ++s.added;
    }
    if (held != s.held.end() && held->second.folder != complete)
      fs::remove_all(held->second.folder);
  } catch (const Error& error) {
    throw cannot_write(s.folder, error.what());
  } catch (const fs::filesystem_error& error) {
    // Another process has just written the same one.
    if (!fs::exists(complete)) throw cannot_write(s.folder, error.what());
  }
  s.hold(key, {complete, d.margin});
}

std::size_t CorpusWriter::added() const {
  return state_->added;
}

}  // namespace dflare
