#include "runner/manifest.hpp"

#include "fuzz.hpp"
#include "sound_files.hpp"

// A manifest of dflare-test, beside files that it may name.
namespace dflare::fuzz {

void read(const std::string& bytes) {
  make_sound_files();
  gtest::read_manifest(scratch_file("pairs.yaml", bytes));
}

std::vector<std::string> examples() {
  return {
      R"(dflare: 1
pairs:
  - name: Digits
    original: original.pt
    compressed: compressed.pt
    seeds: training
    expect: no_deviation
)",
      R"(dflare: 1
defaults:
  options: {queries: 20, criterion: regret >= 0.2}
  input: {channels: 1, size: [8, 8], mean: [0.5], std: 0.5, range: [0, 1], layout: nchw}
pairs:
  - name: Digits
    original: {file: original.pt, engine: qnnpack, device: cpu}
    compressed: {process: [python3, model.py], limits: {answer_seconds: 3, memory_mib: 100}}
    seeds: {folder: classes, classes: true, take: 2}
    preset: everyday
    expect: {deviation_rate_le: 0.03}
    options: {rotate: 10, out: found}
  - name: Served
    original: {url: "http://localhost:8000", model: m, token_from: TOKEN, retries: 1}
    compressed: {file: compressed.pt, isolate: true, input: {channels: 3}}
    seeds: {idx: images-idx3-ubyte, labels: labels-idx1-ubyte}
    expect: no_deviation
)"};
}

}  // namespace dflare::fuzz
