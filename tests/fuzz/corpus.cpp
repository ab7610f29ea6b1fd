#include "dflare/corpus.hpp"

#include <boost/filesystem.hpp>

#include "found.hpp"
#include "fuzz.hpp"
#include "support/files.hpp"

// A corpus of two findings of any folder names and contents.
namespace dflare::fuzz {
namespace {

namespace fs = boost::filesystem;

void put(const std::string& corpus, const std::string& name, const std::string& finding,
         const std::string& seed, const std::string& mutant) {
  if (name.empty() || name.find('/') != std::string::npos || name.find('\0') != std::string::npos ||
      name.size() > 200 || name == "." || name == "..")
    return;
  fs::create_directories(corpus + "/" + name);
  fs::save_string_file(corpus + "/" + name + "/finding.json", finding);
  fs::save_string_file(corpus + "/" + name + "/seed.png", seed);
  fs::save_string_file(corpus + "/" + name + "/mutant.png", mutant);
}

}  // namespace

void read(const std::string& bytes) {
  const std::vector<std::string> files = parted(bytes, 6);
  const std::string corpus = scratch_folder() + "/corpus";
  fs::remove_all(corpus);
  put(corpus, files[0], files[1], files[2], files[3]);
  put(corpus, files[4], files[5], files[2], files[3]);
  test::FakeModel original = original_model(), compressed = compressed_model();
  replay_corpus(corpus, original, compressed, search_options());
  const CorpusWriter writer(corpus, original, compressed, search_options());
}

std::vector<std::string> examples() {
  const std::string folder = found_finding();
  const std::string finding = read_file(folder + "/finding.json");
  const std::string seed = read_file(folder + "/seed.png");
  const std::string mutant = read_file(folder + "/mutant.png");
  return {joined({"grey", finding, seed, mutant}),
          joined({"grey", finding, seed, mutant, ".dflare-removing-1", finding}),
          joined({"a", finding, seed, mutant, "b", finding})};
}

}  // namespace dflare::fuzz
