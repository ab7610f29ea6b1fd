#include "search/crossing/first_order.hpp"

#include <algorithm>
#include <opencv2/core.hpp>

namespace dflare {
namespace {

constexpr double kLongest = 255;

/// How far every value can move in the direction that lowers the value.
cv::Mat room_of(const cv::Mat& image, const cv::Mat& gradient) {
  cv::Mat room(image.size(), image.type());
  const int width = image.cols * image.channels();
  for (int y = 0; y < image.rows; ++y) {
    const float* value = image.ptr<float>(y);
    const float* slope = gradient.ptr<float>(y);
    float* to = room.ptr<float>(y);
    for (int x = 0; x < width; ++x)
      to[x] = slope[x] > 0 ? value[x] : slope[x] < 0 ? 255 - value[x] : 0;
  }
  return room;
}

/// The smallest of 0..longest at which moved(step) lowers the value to 0.
template <class Moved>
double smallest_step(const cv::Mat& slopes, double value, double longest, Moved moved) {
  const auto lowered = [&](double step) { return slopes.dot(moved(step)); };
  if (lowered(longest) <= value) return longest;
  double short_step = 0, long_step = longest;
  for (int i = 0; i < 30; ++i) {
    const double middle = (short_step + long_step) / 2;
    (lowered(middle) < value ? short_step : long_step) = middle;
  }
  return long_step;
}

}  // namespace

cv::Mat sign_of(const cv::Mat& values) {
  cv::Mat sign = values.clone();
  for (int y = 0; y < sign.rows; ++y) {
    float* row = sign.ptr<float>(y);
    for (int x = 0; x < sign.cols * sign.channels(); ++x)
      row[x] = row[x] > 0 ? 1.0F : row[x] < 0 ? -1.0F : 0.0F;
  }
  return sign;
}

double first_order_l_inf(const cv::Mat& image, const cv::Mat& gradient, double value) {
  const cv::Mat room = room_of(image, gradient), slopes = cv::abs(gradient);
  return smallest_step(slopes, value, kLongest, [&](double step) {
    cv::Mat moved;
    cv::min(room, step, moved);
    return moved;
  });
}

double first_order_l2(const cv::Mat& image, const cv::Mat& gradient, double value) {
  const double length = cv::norm(gradient);
  if (length <= 0) return 0;
  const cv::Mat room = room_of(image, gradient), slopes = cv::abs(gradient);
  const double longest =
      kLongest * std::sqrt(static_cast<double>(image.total() * image.channels()));
  return smallest_step(slopes, value, longest, [&](double step) {
    const cv::Mat wanted = slopes * (step / length);
    cv::Mat moved;
    cv::min(room, wanted, moved);
    return moved;
  });
}

}  // namespace dflare
