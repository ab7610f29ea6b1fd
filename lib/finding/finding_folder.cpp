#include "finding/finding_folder.hpp"

#include <boost/filesystem/operations.hpp>

#include "finding/difference.hpp"
#include "finding/finding_json.hpp"
#include "support/files.hpp"
#include "support/image.hpp"

namespace dflare {
namespace {

namespace fs = boost::filesystem;

void write_picture(const fs::path& file, const Image& image) {
  write_file(file.string(), encoded_png(file.string(), image));
}

}  // namespace

void write_finding_folder(const std::string& unfinished, const std::string& complete,
                          const Deviation& deviation, const ModelRecord& original,
                          const ModelRecord& compressed, const Options& options) {
  const fs::path folder = unfinished;
  fs::remove_all(folder);
  fs::create_directories(folder);
  const DifferencePicture difference = difference_picture(deviation.seed.image, deviation.mutant);
  write_picture(folder / seed_picture, deviation.seed.image);
  write_picture(folder / mutant_picture, deviation.mutant);
  write_picture(folder / "difference.png", difference.image);
  write_file(
      (folder / finding_file).string(),
      document_text(finding_json(deviation, difference.gain, original, compressed, options)));
  fs::rename(folder, complete);
}

}  // namespace dflare
