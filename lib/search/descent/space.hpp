#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dflare/random.hpp"
#include "dflare/strategy.hpp"

namespace dflare {

/// Where a descent moves: rays from the seed input, each a direction (CV_32F) of length 1, and a
/// radius in the unit of the distance that is to become small.
class Space {
 public:
  virtual ~Space() = default;

  /// The direction of length 1.
  virtual cv::Mat unit(const cv::Mat& direction) const = 0;
  virtual Image at(const cv::Mat& direction, double radius, std::uint32_t key) const = 0;
  /// The ray on which a mutant lies, and at what radius.
  virtual cv::Mat ray_of(const Image& mutant,
                         const std::optional<Transformation>& transformation) const = 0;
  virtual double radius_of(const Image& mutant,
                           const std::optional<Transformation>& transformation) const = 0;
  /// A direction nearby; `step`, 0 to 1, says how near.
  virtual cv::Mat changed(const cv::Mat& direction, double step, Random& random) const = 0;
  /// A smaller radius worth trying with gradients, `boldness` (0 to 1) of the way; 0 where there is
  /// none.
  virtual double smaller(double /*radius*/, double /*boldness*/) const { return 0; }
  /// A step down the gradient from a place at that radius, and back to that radius.
  virtual cv::Mat descended(const cv::Mat& direction, double /*radius*/,
                            const cv::Mat& /*gradient*/) const {
    return direction;
  }
  virtual std::optional<Transformation> transformation(const cv::Mat& /*direction*/,
                                                       double /*radius*/,
                                                       std::uint32_t /*key*/) const {
    return std::nullopt;
  }
  /// Whether no image but the seed's is nearer.
  virtual bool is_nearest(double /*radius*/) const { return false; }
};

/// That of a distance: images at an L2 or L-inf distance, in grey levels, or transformations of a
/// strength.
std::unique_ptr<Space> make_space(Distance by, const Image& seed,
                                  const TransformationRanges& ranges);

std::unique_ptr<Space> make_l2_space(const Image& seed);
std::unique_ptr<Space> make_l_inf_space(const Image& seed);
std::unique_ptr<Space> make_strength_space(const Image& seed, const TransformationRanges& ranges);

}  // namespace dflare
