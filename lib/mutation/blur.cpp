#include <opencv2/imgproc.hpp>

#include "mutation/operators.hpp"

namespace dflare {
namespace {

// Kernel sizes are those of the authors' released program. A kernel of 1 changes nothing; it stays
// in the range, because the search they describe draws it too.
constexpr int largest_average = 5;  // 1, 2, ..., 5
constexpr int odd_kernels = 4;      // 1, 3, 5, 7

// Isolated: where the image is part of a larger matrix, the pixels around it are not looked at.
constexpr int border = cv::BORDER_REFLECT_101 | cv::BORDER_ISOLATED;

int odd_kernel(Random& random) {
  return 2 * random.integer(0, odd_kernels - 1) + 1;
}

double average_blur(const Image& image, Image& mutant, Random& random) {
  const int kernel = random.integer(1, largest_average);
  cv::blur(image, mutant, {kernel, kernel}, {-1, -1}, border);
  return kernel;
}

double gaussian_blur(const Image& image, Image& mutant, Random& random) {
  const int kernel = odd_kernel(random);
  const double from_kernel = 0;  // OpenCV derives the standard deviation from the kernel's size
  cv::GaussianBlur(image, mutant, {kernel, kernel}, from_kernel, from_kernel, border);
  return kernel;
}

double median_blur(const Image& image, Image& mutant, Random& random) {
  const int kernel = odd_kernel(random);
  cv::medianBlur(image, mutant, kernel);
  return kernel;
}

}  // namespace

std::vector<MutationOperator> blur_operators() {
  return {{"average_blur", "px", average_blur},
          {"gaussian_blur", "px", gaussian_blur},
          {"median_blur", "px", median_blur}};
}

}  // namespace dflare
