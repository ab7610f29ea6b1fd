#include "finding/finding_folder.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/filesystem/operations.hpp>
#include <iterator>

#include "finding/difference.hpp"
#include "finding/finding_json.hpp"
#include "support/files.hpp"
#include "support/image.hpp"
#include "support/output_file.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

constexpr const char* difference_file = "difference.png";
const char* const files_of_a_finding[] = {seed_picture, mutant_picture, difference_file,
                                          finding_file};

void write_picture(const fs::path& file, const Image& image) {
  write_file(file.string(), encoded_png(file.string(), image));
}

}  // namespace

void write_finding_folder(const std::string& unfinished, const std::string& complete,
                          const Deviation& deviation, const ModelRecord& original,
                          const ModelRecord& compressed, const Options& options, Durable durable) {
  const fs::path folder = unfinished;
  fs::remove_all(folder);
  fs::create_directories(folder);
  const DifferencePicture difference = difference_picture(deviation.seed.image, deviation.mutant);
  write_picture(folder / seed_picture, deviation.seed.image);
  write_picture(folder / mutant_picture, deviation.mutant);
  write_picture(folder / difference_file, difference.image);
  write_file(
      (folder / finding_file).string(),
      document_text(finding_json(deviation, difference.gain, original, compressed, options)));
  if (durable == Durable::yes) {
    for (const char* file : files_of_a_finding) sync_to_disk((folder / file).string());
    sync_to_disk(unfinished);
  }
  fs::rename(folder, complete);
  if (durable == Durable::yes) sync_to_disk(fs::path(complete).parent_path().string());
}

void remove_finding_folder(const std::string& folder) {
  const fs::path name = removing_prefix + std::string("%%%%-%%%%-%%%%-%%%%");
  const fs::path nameless = fs::path(folder).parent_path() / fs::unique_path(name);
  boost::system::error_code failed;
  fs::rename(folder, nameless, failed);
  if (failed == boost::system::errc::no_such_file_or_directory) return;
  if (failed) throw fs::filesystem_error("rename", folder, nameless, failed);
  fs::remove_all(nameless);
}

bool is_unfinished(const std::string& name) {
  return boost::starts_with(name, writing_prefix) || boost::starts_with(name, removing_prefix) ||
         boost::starts_with(name, unfinished_prefix);
}

bool is_finding_folder(const std::string& folder) {
  boost::system::error_code ignored;
  return fs::exists(fs::path(folder) / finding_file, ignored);
}

bool is_remains(const std::string& folder) {
  boost::system::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    const bool of_a_finding =
        std::find(std::begin(files_of_a_finding), std::end(files_of_a_finding), name) !=
        std::end(files_of_a_finding);
    if (!of_a_finding || at->symlink_status().type() != fs::regular_file) return false;
    if (name == finding_file && fs::file_size(at->path(), failed) > 0) return false;
  }
  return !failed;
}

}  // namespace dflare
