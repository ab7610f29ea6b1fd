#pragma once

// One operator applied to one image, and measures of what came of it.

#include <algorithm>
#include <opencv2/core.hpp>
#include <string>

#include "dflare/mutation.hpp"

namespace dflare::test {

struct Applied {
  Image mutant;
  double strength;
};

inline Applied apply(const std::string& name, const Image& image, std::uint64_t key) {
  static const MutationSet all = MutationSet::named("all");
  Random random(key);
  Applied result;
  result.strength = all.find(name)->apply(image, result.mutant, random);
  return result;
}

inline Image uniform(int value, int side = 100) {
  return Image(side, side, CV_8UC1, cv::Scalar::all(value));
}

inline double share(const Image& image, int value) {
  return cv::countNonZero(image == value) / static_cast<double>(image.total());
}

struct Range {
  double lowest = 1e9, highest = -1e9;
};
inline Range strengths(const std::string& name, const Image& image, int draws = 2000) {
  Range range;
  for (int key = 0; key < draws; ++key) {
    const double strength = apply(name, image, key).strength;
    range.lowest = std::min(range.lowest, strength);
    range.highest = std::max(range.highest, strength);
  }
  return range;
}

}  // namespace dflare::test
