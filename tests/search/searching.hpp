#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "dflare/collecting_sink.hpp"
#include "dflare/search.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"

namespace dflare::test {

/// Keeps what a search hands on, and the size of each block.
class Recorder : public CollectingSink {
 public:
  void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override {
    blocks[block] = seeds.size();
  }

  std::map<std::size_t, std::size_t> blocks;
};

inline SeedSet flat_seeds(const std::vector<int>& values, const std::vector<int>& labels = {}) {
  std::vector<Image> images;
  images.reserve(values.size());
  for (const int value : values) images.emplace_back(6, 6, CV_8UC1, cv::Scalar(value));
  return SeedSet::images(images, labels);
}

inline SeedSet pictures(int n) {
  std::vector<Image> images;
  for (int i = 0; i < n; ++i) images.push_back(picture(8, 8, 1, i));
  return SeedSet::images(images);
}

/// Brightens the image by `step` a query; a strategy whose queries can be counted by hand.
inline MutationSet brighten(int step) {
  MutationSet set;
  set.add("brighten", [step](const Image& image, Random&) {
    Image mutant;
    image.convertTo(mutant, -1, 1, step);
    return mutant;
  });
  return set;
}
inline Options brightening(int step) {
  return Options().strategy("random").operators(brighten(step));
}

inline std::vector<Outcome> outcomes(const SearchResult& result) {
  std::vector<Outcome> all;
  for (const SeedResult& seed : result.seeds) all.push_back(seed.outcome);
  return all;
}

/// What must be equal between equal searches.
inline std::vector<std::string> essence(const SearchResult& result, const Recorder& recorder) {
  std::vector<std::string> lines;
  for (const SeedResult& seed : result.seeds) {
    std::string line = fmt::format("{} {} {} queries {} gradients {} paths {}>{} ", seed.position,
                                   to_string(seed.outcome), seed.queries, seed.gradients,
                                   seed.paths, seed.original_label, seed.compressed_label);
    const auto found = recorder.deviations.find(seed.position);
    if (found != recorder.deviations.end()) {
      const Image& mutant = found->second.mutant;
      line.append(reinterpret_cast<const char*>(mutant.data), mutant.total() * mutant.elemSize());
      for (const float score : found->second.compressed_scores) line += fmt::format(" {}", score);
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace dflare::test
