#include <algorithm>
#include <limits>
#include <opencv2/core.hpp>

#include "mutation/extents.hpp"
#include "search/descent/space.hpp"

namespace dflare {
namespace {

class StrengthSpace : public Space {
 public:
  StrengthSpace(const Image& seed, const TransformationRanges& ranges)
      : seed_(seed), extents_(ranges, size_of(seed)), largest_share_(ranges.any() ? 1 : 2) {}

  cv::Mat unit(const cv::Mat& direction) const override {
    return direction / std::max(cv::norm(direction), 1e-12);
  }
  Image at(const cv::Mat& direction, double radius, std::uint32_t key) const override {
    return transformation(direction, radius, key)->apply(seed_);
  }
  std::optional<Transformation> transformation(const cv::Mat& direction, double radius,
                                               std::uint32_t key) const override {
    Shares shares{};
    for (std::size_t i = 0; i < shares.size(); ++i)
      shares[i] = std::clamp(radius * direction.at<float>(0, static_cast<int>(i)), -largest_share_,
                             largest_share_);
    Transformation transformation = extents_.transformation(shares);
    transformation.dither = key;
    return transformation;
  }
  cv::Mat ray_of(const Image&, const std::optional<Transformation>& made_by) const override {
    cv::Mat direction = cv::Mat::zeros(1, static_cast<int>(Shares().size()), CV_32F);
    if (!made_by) return direction;
    const Shares shares = extents_.shares(*made_by);
    for (std::size_t i = 0; i < shares.size(); ++i)
      direction.at<float>(0, static_cast<int>(i)) = static_cast<float>(shares[i]);
    return unit(direction);
  }
  double radius_of(const Image&, const std::optional<Transformation>& made_by) const override {
    return made_by ? extents_.strength(*made_by) : std::numeric_limits<double>::infinity();
  }

  cv::Mat changed(const cv::Mat& direction, double step, Random& random) const override {
    cv::Mat next = direction.clone();
    for (int i = 0; i < next.cols; ++i) {
      if (extents_.has(static_cast<std::size_t>(i)))
        next.at<float>(0, i) += static_cast<float>(step * random.normal());
    }
    return unit(next);
  }

 private:
  Image seed_;
  Extents extents_;
  double largest_share_;  // wide ranges may be passed, as `transform` does
};

}  // namespace

std::unique_ptr<Space> make_strength_space(const Image& seed, const TransformationRanges& ranges) {
  return std::make_unique<StrengthSpace>(seed, ranges);
}

}  // namespace dflare
