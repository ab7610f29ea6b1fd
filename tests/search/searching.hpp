#pragma once

#include <map>
#include <vector>

#include "dflare/search.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"

namespace dflare::test {

/// Keeps what a search hands on.
class Recorder : public SearchSink {
 public:
  void deviation(const Deviation& d) override { deviations.emplace(d.position, d); }
  void failure(const Failure& f) override { failures.emplace(f.position, f); }
  void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override {
    blocks[block] = seeds.size();
  }

  std::map<std::size_t, Deviation> deviations;
  std::map<std::size_t, Failure> failures;
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

}  // namespace dflare::test
