#include "finding/difference.hpp"

#include <opencv2/core.hpp>

namespace dflare {

DifferencePicture difference_picture(const Image& seed, const Image& mutant) {
  const double largest = cv::norm(seed, mutant, cv::NORM_INF);
  DifferencePicture picture;
  if (largest > 0) picture.gain = 127 / largest;
  cv::Mat difference;
  cv::subtract(mutant, seed, difference, cv::noArray(), CV_16S);
  difference.convertTo(picture.image, CV_8U, picture.gain, 128);
  return picture;
}

}  // namespace dflare
