#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mutation/operators.hpp"

namespace dflare {
namespace {

// Ranges of our own: changes that a camera or a picture archive makes.
constexpr int brightness_range = 32;    // grey levels, either way
constexpr double contrast_range = 0.3;  // the factor is e to something between minus this and this
constexpr int jpeg_lowest = 30, jpeg_highest = 95;

double brightness(const Image& image, Image& mutant, Random& random) {
  const int levels = random.integer(1, brightness_range);
  const int shift = random.integer(0, 1) == 0 ? -levels : levels;
  cv::add(image, cv::Scalar::all(shift), mutant);
  return shift;
}

double contrast(const Image& image, Image& mutant, Random& random) {
  const double factor = std::exp(random.uniform(-contrast_range, contrast_range));
  const cv::Scalar sums = cv::sum(image);
  const double mean =
      (sums[0] + sums[1] + sums[2]) / (static_cast<double>(image.total()) * image.channels());
  image.convertTo(mutant, -1, factor, mean * (1 - factor));
  return 100 * (factor - 1);
}

double jpeg(const Image& image, Image& mutant, Random& random) {
  const int quality = random.integer(jpeg_lowest, jpeg_highest);
  const bool colour = image.channels() == 3;
  // JPEG keeps less of the colours than of the brightness, so their order matters. The matrix is
  // empty at first: one that shares the image's pixels would have them swapped in place.
  Image bgr;
  if (colour) cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
  std::vector<uchar> file;
  cv::imencode(".jpg", colour ? bgr : image, file, {cv::IMWRITE_JPEG_QUALITY, quality});
  const Image decoded = cv::imdecode(file, colour ? cv::IMREAD_COLOR : cv::IMREAD_GRAYSCALE);
  if (colour)
    cv::cvtColor(decoded, mutant, cv::COLOR_BGR2RGB);
  else
    decoded.copyTo(mutant);
  return quality;
}

}  // namespace

std::vector<MutationOperator> photometric_operators() {
  return {{"brightness", "grey levels", brightness},
          {"contrast", "%", contrast},
          {"jpeg", "% quality", jpeg}};
}

}  // namespace dflare
