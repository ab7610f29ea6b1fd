#include "search/goal.hpp"

#include <limits>
#include <opencv2/core.hpp>

#include "mutation/extents.hpp"

namespace dflare {

double Goal::severity(const Answer& answer) const {
  return options_->criterion().implies_deviation()
             ? deviation_margin(answer)
             : options_->criterion().progress(answer, seed_->label);
}

double Goal::rank(const Answer& answer) const {
  // Severity is at most 1, and so are progress and the models' distance.
  constexpr double kAboveAnyProgress = 10;
  if (met(answer)) return kAboveAnyProgress + severity(answer);
  // The margin of all answers without a deviation is 0, so that alone would lead nowhere.
  constexpr double kShareOfDistance = 0.5;
  return options_->criterion().progress(answer, seed_->label) +
         kShareOfDistance * total_variation(answer);
}

double distance_by(Distance by, const Seed& seed, const Image& mutant,
                   const std::optional<Transformation>& transformation,
                   const TransformationRanges& ranges) {
  switch (by) {
    case Distance::l2:
      return cv::norm(seed.image, mutant, cv::NORM_L2);
    case Distance::l_inf:
      return cv::norm(seed.image, mutant, cv::NORM_INF);
    case Distance::strength:
      break;
  }
  return transformation ? Extents(ranges, size_of(seed.image)).strength(*transformation)
                        : std::numeric_limits<double>::infinity();
}

}  // namespace dflare
