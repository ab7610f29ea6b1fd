#include "digits.hpp"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "dflare/random.hpp"

namespace {

constexpr int side = 28;
constexpr int canvas_side = 4 * side;  // drawn larger, so that the small image has smooth edges

/// One digit, white on black, in the middle of the canvas.
cv::Mat draw(int digit, dflare::Random& random) {
  constexpr std::array fonts = {cv::FONT_HERSHEY_SIMPLEX,        cv::FONT_HERSHEY_PLAIN,
                                cv::FONT_HERSHEY_DUPLEX,         cv::FONT_HERSHEY_COMPLEX,
                                cv::FONT_HERSHEY_TRIPLEX,        cv::FONT_HERSHEY_COMPLEX_SMALL,
                                cv::FONT_HERSHEY_SCRIPT_SIMPLEX, cv::FONT_HERSHEY_SCRIPT_COMPLEX};
  const std::string text = std::to_string(digit);
  const int font = fonts[random.integer(0, fonts.size() - 1)];
  const int thickness = random.integer(3, 12);
  const double height = random.uniform(62, 86);

  int baseline = 0;
  const double scale = height / cv::getTextSize(text, font, 1, 1, &baseline).height;
  const cv::Size extent = cv::getTextSize(text, font, scale, thickness, &baseline);
  const cv::Point origin((canvas_side - extent.width) / 2, (canvas_side + extent.height) / 2);
  cv::Mat canvas(canvas_side, canvas_side, CV_8UC1, cv::Scalar(0));
  cv::putText(canvas, text, origin, font, scale, cv::Scalar(255), thickness, cv::LINE_AA);
  return canvas;
}

/// Rotated, sheared, stretched and moved.
cv::Mat pose(const cv::Mat& canvas, dflare::Random& random) {
  const double angle = random.uniform(-0.3, 0.3);
  const double shear = random.uniform(-0.3, 0.3);
  const double width = random.uniform(0.75, 1.2);
  const double centre = canvas_side / 2.0;
  const double a = width * std::cos(angle), b = shear - std::sin(angle);
  const double c = width * std::sin(angle), d = std::cos(angle);
  const double x = centre + random.uniform(-8, 8), y = centre + random.uniform(-8, 8);
  const cv::Matx23d map(a, b, x - a * centre - b * centre, c, d, y - c * centre - d * centre);
  cv::Mat posed;
  cv::warpAffine(canvas, posed, map, canvas.size(), cv::INTER_LINEAR);
  return posed;
}

dflare::Image render(int digit, dflare::Random& random) {
  dflare::Image image;
  cv::resize(pose(draw(digit, random), random), image, cv::Size(side, side), 0, 0, cv::INTER_AREA);
  const double ink = random.uniform(0.6, 1);
  const double noise = random.uniform(4, 24);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      auto& pixel = image.at<std::uint8_t>(row, column);
      pixel = cv::saturate_cast<std::uint8_t>(ink * pixel + noise * random.normal());
    }
  return image;
}

}  // namespace

Digits render_digits(std::size_t count, std::uint64_t rng_seed) {
  dflare::Random random(dflare::stream_key(rng_seed, "digits"));
  Digits digits;
  for (std::size_t i = 0; i < count; ++i) {
    const int digit = static_cast<int>(i % 10);
    digits.images.push_back(render(digit, random));
    digits.labels.push_back(digit);
  }
  return digits;
}
