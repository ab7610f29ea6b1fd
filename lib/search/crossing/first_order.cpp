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
  const auto lowered = [&](double step) {
    cv::Mat moved;
    cv::min(room, step, moved);
    return slopes.dot(moved);
  };
  if (lowered(kLongest) <= value) return kLongest;
  double short_step = 0, long_step = kLongest;
  for (int i = 0; i < 30; ++i) {
    const double middle = (short_step + long_step) / 2;
    (lowered(middle) < value ? short_step : long_step) = middle;
  }
  return long_step;
}

}  // namespace dflare
