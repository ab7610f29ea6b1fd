#include "dflare/finding.hpp"

#include "dflare/error.hpp"
#include "found.hpp"
#include "fuzz.hpp"
#include "support/files.hpp"

// A finding.json, read by what replays it, with the pictures of a sound finding.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  static const std::string folder = found_finding();
  static test::FakeModel original = original_model(), compressed = compressed_model();
  scratch_file("run/grey/finding.json", bytes);
  const Replay replayed = replay(folder, original, compressed);
  if (replayed.recorded.transformation) {
    replayed.recorded.transformation->apply(replayed.seed);
    replayed.recorded.transformation->text();
  }
}

std::vector<std::string> examples() {
  return {read_file(found_finding() + "/finding.json")};
}

}  // namespace dflare::fuzz
