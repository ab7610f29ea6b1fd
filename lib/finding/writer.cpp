#include <fmt/format.h>

#include <boost/filesystem/exception.hpp>
#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "dflare/finding.hpp"
#include "finding/finding_folder.hpp"
#include "finding/finding_json.hpp"
#include "finding/output_folder.hpp"
#include "finding/run_json.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

template <class Write>
void writing_to(const std::string& folder, Write write) {
  const auto failed = [&](const char* reason) {
    return FindingError(
        fmt::format("cannot write findings to '{}': {}; give another folder (option out), or make "
                    "this one writable",
                    folder, reason));
  };
  try {
    write();
  } catch (const FindingError&) {
    throw;
  } catch (const Error& error) {
    throw failed(error.what());
  } catch (const fs::filesystem_error& error) {
    throw failed(error.what());
  }
}

}  // namespace

struct FindingWriter::State {
  std::string folder;
  ModelRecord original, compressed;
  Options options;
  nlohmann::ordered_json run;

  void write_run() const {
    write_atomically((fs::path(folder) / run_file).string(), document_text(run));
  }

  void write_finding(const Deviation& deviation) const;
};

void FindingWriter::State::write_finding(const Deviation& deviation) const {
  const fs::path complete = finding_folder(folder, deviation.seed.id);
  if (fs::exists(complete))
    throw FindingError(fmt::format(
        "cannot write the finding of seed input '{}': '{}' is there already; give each seed input "
        "an id of its own, and the findings a folder that holds nothing else",
        deviation.seed.id, complete.string()));
  const std::string unfinished = unfinished_folder(folder, deviation.seed.id);
  const auto pictures = pictures_of(deviation, unfinished);
  write_finding_folder(unfinished, complete.string(), *pictures,
                       document_text(finding_json(deviation, pictures->difference_gain, original,
                                                  compressed, options)),
                       Durable::no);
}

FindingWriter::FindingWriter(const std::string& folder, const Model& original,
                             const Model& compressed, const SeedSet& seeds, const Options& options)
    : state_(new State{folder, record_of(original), record_of(compressed), options,
                       run_started(original, compressed, seeds, options)}) {
  if (folder.empty())
    throw FindingError("no folder is named for the findings; name one (option out)");
  writing_to(folder, [&] {
    prepare_output_folder(folder);
    state_->write_run();
  });
}

FindingWriter::~FindingWriter() = default;

void FindingWriter::prepare(Deviation& deviation) {
  writing_to(state_->folder, [&] {
    deviation.encoded = pictures_of(deviation, unfinished_folder(folder(), deviation.seed.id));
  });
}

void FindingWriter::deviation(const Deviation& deviation) {
  writing_to(state_->folder, [&] { state_->write_finding(deviation); });
}

void FindingWriter::failure(const Failure& failure) {
  writing_to(state_->folder, [&] {
    const fs::path folder = failure_folder(state_->folder, failure.seed_id);
    fs::create_directories(folder);
    write_atomically((folder / failure_message).string(),
                     fmt::format("{} '{}':\n{}\n", failure_mark, failure.seed_id, failure.message));
    if (!failure.image.empty()) write_png((folder / failure_picture).string(), failure.image);
  });
}

void FindingWriter::finish(const SearchResult& result) {
  run_finished(state_->run, result);
  writing_to(state_->folder, [&] { state_->write_run(); });
}

const std::string& FindingWriter::folder() const {
  return state_->folder;
}

std::string FindingWriter::folder_of(const std::string& seed_id) const {
  return finding_folder(state_->folder, seed_id);
}

}  // namespace dflare
