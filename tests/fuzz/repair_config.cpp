#include "fuzz.hpp"
#include "sound_files.hpp"
#include "tool/config.hpp"
#include "tool/config_template.hpp"

// A configuration of dflare-repair, beside files that it may name.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  make_sound_files();
  repair::read_config(scratch_file("repair.yaml", bytes));
}

std::vector<std::string> examples() {
  return {repair::config_template(), R"(dflare_repair: 1
original: {file: original.pt, input: {channels: 1}}
compressed: compressed.pt
seeds: {idx: images-idx3-ubyte, labels: labels-idx1-ubyte}
unseen: unseen
out: repaired
train: {rounds: 2, loss: {temperature: 2}, mix: {clean: 1}}
)"};
}

}  // namespace dflare::fuzz
