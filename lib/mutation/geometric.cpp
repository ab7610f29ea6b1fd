#include <cmath>
#include <opencv2/imgproc.hpp>

#include "mutation/operators.hpp"

namespace dflare {
namespace {

// Ranges of our own, small enough that the image still shows the same thing.
constexpr double translation_range = 2.0 / 28;  // of a side
constexpr double rotation_range = 15;           // degrees
constexpr double scale_lowest = 0.85, scale_highest = 1.18;
constexpr double shear_range = 0.2;

// Maps the image by `linear` about its centre, then moves it.
void warp(const Image& image, Image& mutant, const cv::Matx22d& linear, double right = 0,
          double down = 0) {
  const cv::Vec2d centre((image.cols - 1) / 2.0, (image.rows - 1) / 2.0);
  const cv::Vec2d offset = centre - linear * centre + cv::Vec2d(right, down);
  const cv::Matx23d map(linear(0, 0), linear(0, 1), offset[0],  //
                        linear(1, 0), linear(1, 1), offset[1]);
  cv::warpAffine(image, mutant, map, image.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

double translation(const Image& image, Image& mutant, Random& random) {
  const double right = image.cols * random.uniform(-translation_range, translation_range);
  const double down = image.rows * random.uniform(-translation_range, translation_range);
  warp(image, mutant, cv::Matx22d::eye(), right, down);
  return std::hypot(right, down);
}

// Positive: counter-clockwise.
double rotation(const Image& image, Image& mutant, Random& random) {
  const double degrees = random.uniform(-rotation_range, rotation_range);
  const double radians = degrees * CV_PI / 180;
  const double c = std::cos(radians), s = std::sin(radians);
  warp(image, mutant, {c, s, -s, c});
  return degrees;
}

double scale(const Image& image, Image& mutant, Random& random) {
  const double factor = std::exp(random.uniform(std::log(scale_lowest), std::log(scale_highest)));
  warp(image, mutant, {factor, 0, 0, factor});
  return factor;
}

// Positive: the lower half moves to the right.
double shear(const Image& image, Image& mutant, Random& random) {
  const double ratio = random.uniform(-shear_range, shear_range);
  warp(image, mutant, {1, ratio, 0, 1});
  return ratio;
}

}  // namespace

std::vector<MutationOperator> geometric_operators() {
  return {{"translation", "px", translation},
          {"rotation", "degrees", rotation},
          {"scale", "", scale},
          {"shear", "", shear}};
}

}  // namespace dflare
