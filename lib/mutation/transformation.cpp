#include "dflare/transformation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <tuple>

#include "mutation/dither.hpp"
#include "mutation/transformation_limits.hpp"

namespace dflare {
namespace {

cv::Matx22d linear_part(const Transformation& t) {
  const double radians = t.rotate * CV_PI / 180;
  const double c = t.scale * std::cos(radians), s = t.scale * std::sin(radians);
  return cv::Matx22d(c, s, -s, c) * cv::Matx22d(1, t.shear, 0, 1);
}

/// Bilinear, edges replicated. OpenCV's warpAffine() rounds positions to 1/32 pixel, so that an
/// image would move in steps that scores can be seen to jump over.
cv::Mat warped(const cv::Mat& floats, const cv::Matx22d& linear, double right, double down) {
  const cv::Matx22d back = linear.inv();
  const double centre_x = (floats.cols - 1) / 2.0, centre_y = (floats.rows - 1) / 2.0;
  const int channels = floats.channels();
  cv::Mat result(floats.size(), floats.type());
  for (int y = 0; y < floats.rows; ++y) {
    float* to = result.ptr<float>(y);
    for (int x = 0; x < floats.cols; ++x) {
      const double dx = x - centre_x - right, dy = y - centre_y - down;
      const double from_x =
          std::clamp(centre_x + back(0, 0) * dx + back(0, 1) * dy, 0.0, floats.cols - 1.0);
      const double from_y =
          std::clamp(centre_y + back(1, 0) * dx + back(1, 1) * dy, 0.0, floats.rows - 1.0);
      const int left = static_cast<int>(from_x), top = static_cast<int>(from_y);
      const int other_x = std::min(left + 1, floats.cols - 1) * channels;
      const float* above = floats.ptr<float>(top);
      const float* below = floats.ptr<float>(std::min(top + 1, floats.rows - 1));
      const auto u = static_cast<float>(from_x - left), v = static_cast<float>(from_y - top);
      for (int c = 0; c < channels; ++c, ++to) {
        const int here = left * channels + c, there = other_x + c;
        const float upper = above[here] + u * (above[there] - above[here]);
        const float lower = below[here] + u * (below[there] - below[here]);
        *to = upper + v * (lower - upper);
      }
    }
  }
  return result;
}

bool moves(const Transformation& t) {
  return t.rotate != 0 || t.right != 0 || t.down != 0 || t.scale != 1 || t.shear != 0;
}

void light(const Transformation& t, cv::Mat& floats) {
  if (t.contrast == 1 && t.brightness == 0) return;
  if (floats.channels() == 1) {
    floats *= t.contrast * (1 + t.brightness / 255);
    return;
  }
  const cv::Scalar means = cv::mean(floats);
  const double mean = (means[0] + means[1] + means[2]) / 3;
  floats.convertTo(floats, -1, t.contrast, mean * (1 - t.contrast) + t.brightness);
}

/// Decimals that show so many digits of the value.
int decimals_for(double value, int digits) {
  constexpr int kMost = 9;
  return std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value)))), 0,
                    kMost);
}

/// Without zeros at the end, and without the exponent that {:g} would give large numbers.
std::string with_decimals(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string in_digits(double value, int digits) {
  return with_decimals(value, decimals_for(value, digits));
}

std::string with_sign(double value) {
  return (value > 0 ? "+" : "") + in_digits(value, 2);
}

std::string moved_text(const Transformation& t) {
  const auto part = [](double pixels, const char* positive, const char* negative) {
    return pixels == 0 ? std::string()
                       : fmt::format("{} px {}", in_digits(std::abs(pixels), 2),
                                     pixels > 0 ? positive : negative);
  };
  const std::string across = part(t.right, "right", "left"), along = part(t.down, "down", "up");
  if (across.empty() && along.empty()) return "";
  return fmt::format("moved {}{}{}", across, across.empty() || along.empty() ? "" : " and ", along);
}

}  // namespace

Image Transformation::apply(const Image& image) const {
  check(*this);
  cv::Mat floats;
  image.convertTo(floats, CV_32F);
  if (moves(*this)) floats = warped(floats, linear_part(*this), right, down);
  light(*this, floats);
  Image mutant;
  ::dflare::dither(floats, dither, mutant);
  return mutant;
}

std::string Transformation::text() const {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  };
  if (rotate != 0) add(fmt::format("rotated {} degrees", in_digits(rotate, 3)));
  add(moved_text(*this));
  // So many that it does not read "scaled 1".
  if (scale != 1) {
    const int decimals = std::max(2, decimals_for(scale - 1, 1));
    add("scaled " + with_decimals(scale, decimals));
  }
  if (shear != 0) add("sheared " + in_digits(shear, 2));
  if (contrast != 1) add(fmt::format("contrast {} %", with_sign(100 * (contrast - 1))));
  if (brightness != 0) add(fmt::format("brightness {} grey levels", with_sign(brightness)));
  return text.empty() ? "not changed" : text;
}

bool operator==(const Transformation& a, const Transformation& b) {
  const auto all = [](const Transformation& t) {
    return std::tie(t.rotate, t.right, t.down, t.scale, t.shear, t.contrast, t.brightness,
                    t.dither);
  };
  return all(a) == all(b);
}

}  // namespace dflare
