#include "mutation/extents.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dflare {
namespace {

enum : std::size_t { kRotate, kRight, kDown, kScale, kShear, kContrast, kBrightness };

double translation(const TransformationRanges& ranges, int side) {
  if (!ranges.translate && !ranges.translate_share) return 0;
  return std::min(ranges.translate.value_or(side), ranges.translate_share.value_or(1) * side);
}

double either_way(Random& random, double lowest) {
  const double size = random.uniform(lowest, 1);
  return random.integer(0, 1) == 0 ? -size : size;
}

}  // namespace

Extents::Extents(const TransformationRanges& ranges, ImageSize size) {
  if (!ranges.any()) {
    extents_ = {40, 0.18 * size.width, 0.18 * size.height, 0.45, 0.45, 0.7, 70};
    return;
  }
  extents_ = {ranges.rotate.value_or(0),        translation(ranges, size.width),
              translation(ranges, size.height), std::log(ranges.scale.value_or(1)),
              ranges.shear.value_or(0),         std::log(ranges.contrast.value_or(1)),
              ranges.brightness.value_or(0)};
}

Transformation Extents::transformation(const Shares& shares, double by) const {
  const auto at = [&](std::size_t i) { return shares[i] * extents_[i] * by; };
  Transformation t;
  t.rotate = at(kRotate);
  t.right = at(kRight);
  t.down = at(kDown);
  t.scale = std::exp(at(kScale));
  t.shear = at(kShear);
  t.contrast = std::exp(at(kContrast));
  t.brightness = at(kBrightness);
  return t;
}

Shares Extents::shares(const Transformation& t) const {
  Shares values = {t.rotate,    t.right, t.down, std::log(t.scale), t.shear, std::log(t.contrast),
                   t.brightness};
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = extents_[i] > 0 ? values[i] / extents_[i] : 0;
  return values;
}

double Extents::strength(const Transformation& t) const {
  const Shares values = shares(t);
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

Shares Extents::draw(Random& random, double lowest) const {
  Shares shares{};
  for (bool any = false; !any;) {
    shares = {};
    bool translated = false;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      // Right and down are one translation.
      const bool in = i == kDown ? translated : random.integer(0, 1) == 1;
      if (i == kRight) translated = in;
      if (!in || !has(i)) continue;
      shares[i] = either_way(random, lowest);
      any = true;
    }
    if (std::none_of(extents_.begin(), extents_.end(), [](double e) { return e > 0; })) break;
  }
  return shares;
}

Shares Extents::draw_all(Random& random, double lowest) const {
  Shares shares{};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (has(i)) shares[i] = either_way(random, lowest);
  }
  return shares;
}

}  // namespace dflare
