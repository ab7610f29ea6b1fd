#include "mutation/dither.hpp"

#include <algorithm>
#include <cmath>

namespace dflare {
namespace {

/// The finaliser of MurmurHash3, which spreads every bit of its input.
std::uint32_t spread(std::uint32_t value) {
  value ^= value >> 16;
  value *= 0x85EBCA6BU;
  value ^= value >> 13;
  value *= 0xC2B2AE35U;
  value ^= value >> 16;
  return value;
}

float threshold(std::uint32_t key, std::uint32_t place) {
  constexpr float kUnit = 1.0F / (1U << 24);
  return static_cast<float>(spread(place * 0x9E3779B9U + key) >> 8) * kUnit;
}

}  // namespace

void dither(const cv::Mat& floats, std::uint32_t key, Image& image) {
  image.create(floats.size(), CV_8UC(floats.channels()));
  const int width = floats.cols * floats.channels();
  std::uint32_t place = 0;
  for (int y = 0; y < floats.rows; ++y) {
    const float* from = floats.ptr<float>(y);
    unsigned char* to = image.ptr<unsigned char>(y);
    for (int x = 0; x < width; ++x, ++place) {
      const float u = key == 0 ? 0.5F : threshold(key, place);
      to[x] = static_cast<unsigned char>(std::clamp(std::floor(from[x] + u), 0.0F, 255.0F));
    }
  }
}

}  // namespace dflare
