#include "dflare/constraints.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <opencv2/core.hpp>
#include <tuple>
#include <vector>

#include "dflare/distances.hpp"
#include "support/bounds.hpp"

namespace dflare {
namespace {

void require_one_shape(const Image& seed, const Image& mutant) {
  if (seed.size() != mutant.size() || seed.type() != mutant.type() || seed.depth() != CV_8U) {
    throw ConfigError(
        fmt::format("constraints are defined between two 8-bit images of one shape, not between "
                    "one of {} and one of {}",
                    shape_text(seed), shape_text(mutant)));
  }
}

/// Calls function(value of the seed image, value of the mutant) for each value.
template <class Function>
void for_each_value(const Image& seed, Image& mutant, Function function) {
  const int values = seed.cols * seed.channels();
  for (int y = 0; y < seed.rows; ++y) {
    const uchar* from = seed.ptr(y);
    uchar* to = mutant.ptr(y);
    for (int i = 0; i < values; ++i) function(from[i], to[i]);
  }
}

/// Largest change of a channel of the pixel.
int pixel_change(const uchar* from, const uchar* to, int channels) {
  int largest = 0;
  for (int c = 0; c < channels; ++c) largest = std::max(largest, std::abs(to[c] - from[c]));
  return largest;
}

struct ChangedPixel {
  int change, y, x;

  bool operator<(const ChangedPixel& other) const {
    return std::tie(other.change, y, x) < std::tie(change, other.y, other.x);
  }
};

std::vector<ChangedPixel> list_changed(const Image& seed, const Image& mutant) {
  std::vector<ChangedPixel> changed;
  const int channels = seed.channels();
  for (int y = 0; y < seed.rows; ++y) {
    for (int x = 0; x < seed.cols; ++x) {
      const int change =
          pixel_change(seed.ptr(y) + x * channels, mutant.ptr(y) + x * channels, channels);
      if (change > 0) changed.push_back({change, y, x});
    }
  }
  return changed;
}

void keep_largest_changes(const Image& seed, Image& mutant, int pixels) {
  std::vector<ChangedPixel> changed = list_changed(seed, mutant);
  const auto kept = static_cast<std::size_t>(pixels);
  if (changed.size() <= kept) return;
  const auto first_restored = changed.begin() + pixels;
  std::nth_element(changed.begin(), first_restored, changed.end());
  const int channels = seed.channels();
  for (auto pixel = first_restored; pixel != changed.end(); ++pixel) {
    const int at = pixel->x * channels;
    std::copy_n(seed.ptr(pixel->y) + at, channels, mutant.ptr(pixel->y) + at);
  }
}

void clamp_values(const Image& seed, Image& mutant, double l_inf) {
  const int limit = static_cast<int>(l_inf);
  for_each_value(seed, mutant, [limit](int from, uchar& to) {
    to = static_cast<uchar>(std::clamp<int>(to, from - limit, from + limit));
  });
}

int shrunk(int difference, double factor) {
  return static_cast<int>(difference * factor);
}

/// Takes each value's difference to the share `factor` of it, rounded towards none.
void shrink(const Image& seed, Image& mutant, double factor) {
  std::array<uchar, 256> table{};
  for (int d = 0; d < 256; ++d) table[d] = static_cast<uchar>(shrunk(d, factor));
  for_each_value(seed, mutant, [&table](uchar from, uchar& to) {
    const uchar left = table[std::abs(to - from)];
    to = static_cast<uchar>(to > from ? from + left : from - left);
  });
}

/// How many values differ by 0, 1, ..., 255.
using Histogram = std::array<double, 256>;

Histogram histogram_of_differences(const Image& seed, Image& mutant) {
  Histogram histogram{};
  for_each_value(seed, mutant, [&](uchar from, uchar to) { ++histogram[std::abs(to - from)]; });
  return histogram;
}

double l2_when_shrunk(const Histogram& histogram, double factor) {
  double sum = 0;
  for (int d = 1; d < 256; ++d) sum += histogram[d] * shrunk(d, factor) * shrunk(d, factor);
  return std::sqrt(sum);
}

/// The largest share of [0, 1] found by bisection that fits; 0 always does, 1 is known not to.
template <class Fits>
double largest_factor(int steps, Fits fits) {
  double low = 0, high = 1;
  for (int step = 0; step < steps; ++step) {
    const double middle = (low + high) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return low;
}

void shrink_to_l2(const Image& seed, Image& mutant, double l2) {
  const Histogram histogram = histogram_of_differences(seed, mutant);
  if (l2_when_shrunk(histogram, 1) <= l2) return;
  const double factor = largest_factor(
      40, [&](double candidate) { return l2_when_shrunk(histogram, candidate) <= l2; });
  shrink(seed, mutant, factor);
}

void shrink_to_ssim(const Image& seed, Image& mutant, double ssim) {
  if (distances(seed, mutant).ssim >= ssim) return;
  const Image whole = mutant.clone();
  const auto shrink_from_whole = [&](double factor) {
    whole.copyTo(mutant);
    shrink(seed, mutant, factor);
  };
  const double factor = largest_factor(8, [&](double candidate) {
    shrink_from_whole(candidate);
    return distances(seed, mutant).ssim >= ssim;
  });
  shrink_from_whole(factor);
}

}  // namespace

bool Constraints::any() const {
  return l_inf || l2 || changed_pixels || ssim;
}

void Constraints::check() const {
  check_bounds("l_inf", l_inf, 0.0, 255.0, "grey levels, 0 to 255");
  check_bounds("l2", l2, 0.0, largest_finite, "grey levels, 0 or more");
  check_bounds("changed_pixels", changed_pixels, 0, INT_MAX, "a whole number, 0 or more");
  check_bounds("ssim", ssim, -1.0, 1.0, "a similarity, -1 to 1");
}

bool Constraints::allow(const Image& seed, const Image& mutant) const {
  if (!any() || same_pixels(seed, mutant)) return true;
  require_one_shape(seed, mutant);
  if (l_inf && cv::norm(seed, mutant, cv::NORM_INF) > *l_inf) return false;
  if (l2 && cv::norm(seed, mutant, cv::NORM_L2) > *l2) return false;
  if (changed_pixels && dflare::changed_pixels(seed, mutant) > *changed_pixels) return false;
  return !ssim || distances(seed, mutant).ssim >= *ssim;
}

void Constraints::project(const Image& seed, Image& mutant) const {
  if (allow(seed, mutant)) return;
  // Before the clamp, which makes changes equal; no step undoes what those before it did.
  if (changed_pixels) keep_largest_changes(seed, mutant, *changed_pixels);
  if (l_inf) clamp_values(seed, mutant, *l_inf);
  if (l2) shrink_to_l2(seed, mutant, *l2);
  if (ssim) shrink_to_ssim(seed, mutant, *ssim);
  if (!allow(seed, mutant)) seed.copyTo(mutant);
}

int changed_pixels(const Image& seed, const Image& mutant) {
  require_one_shape(seed, mutant);
  const int channels = seed.channels();
  int changed = 0;
  for (int y = 0; y < seed.rows; ++y) {
    const uchar *from = seed.ptr(y), *to = mutant.ptr(y);
    for (int x = 0; x < seed.cols; ++x, from += channels, to += channels)
      changed += std::equal(from, from + channels, to) ? 0 : 1;
  }
  return changed;
}

}  // namespace dflare
