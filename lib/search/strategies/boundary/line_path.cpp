#include "search/strategies/boundary/line_path.hpp"

#include <opencv2/core.hpp>

#include "mutation/dither.hpp"

namespace dflare {

LinePath::LinePath(const Image& seed, const cv::Mat& end, std::string kind, std::uint32_t key)
    : kind_(std::move(kind)), key_(key) {
  seed.convertTo(seed_, CV_32F);
  step_ = end - seed_;
}

Image LinePath::at(double t) const {
  cv::Mat floats;
  cv::scaleAdd(step_, t, seed_, floats);
  Image image;
  ::dflare::dither(floats, key_, image);
  return image;
}

std::vector<AppliedOperator> LinePath::history(double t) const {
  return {{kind_, 100 * t, "%"}};
}

double allowed_length(const Path& path, double wanted, const Image& seed,
                      const Constraints& constraints) {
  if (!constraints.any() || constraints.allow(seed, path.at(wanted))) return wanted;
  constexpr int kSteps = 12;
  double allowed = 0, refused = wanted;
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (allowed + refused) / 2;
    (constraints.allow(seed, path.at(middle)) ? allowed : refused) = middle;
  }
  return allowed;
}

}  // namespace dflare
