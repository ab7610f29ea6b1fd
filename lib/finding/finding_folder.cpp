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

bool same_memory(const Image& one, const Image& other) {
  return one.data == other.data && one.size == other.size && one.type() == other.type();
}

}  // namespace

std::shared_ptr<const EncodedPictures> pictures_of(const Deviation& deviation,
                                                   const std::string& folder) {
  const Image& seed = deviation.seed.image;
  const Image& mutant = deviation.mutant;
  // Somebody may have copied it and put other images into the copy.
  if (deviation.encoded && same_memory(deviation.encoded->of_seed, seed) &&
      same_memory(deviation.encoded->of_mutant, mutant))
    return deviation.encoded;
  const auto encoded = [&folder](const char* name, const Image& image) {
    return encoded_png((fs::path(folder) / name).string(), image);
  };
  const DifferencePicture difference = difference_picture(seed, mutant);
  auto pictures = std::make_shared<EncodedPictures>();
  pictures->seed = encoded(seed_picture, seed);
  pictures->mutant = encoded(mutant_picture, mutant);
  pictures->difference = encoded(difference_file, difference.image);
  pictures->difference_gain = difference.gain;
  pictures->of_seed = seed;
  pictures->of_mutant = mutant;
  return pictures;
}

void write_finding_folder(const std::string& unfinished, const std::string& complete,
                          const EncodedPictures& pictures, const std::string& json,
                          Durable durable) {
  const fs::path folder = unfinished;
  fs::remove_all(folder);
  fs::create_directories(folder);
  write_file((folder / seed_picture).string(), pictures.seed);
  write_file((folder / mutant_picture).string(), pictures.mutant);
  write_file((folder / difference_file).string(), pictures.difference);
  write_file((folder / finding_file).string(), json);
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
