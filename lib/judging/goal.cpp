#include "judging/goal.hpp"

#include <limits>
#include <opencv2/core.hpp>

#include "mutation/extents.hpp"

namespace dflare {

double Goal::severity(const Answer& answer) const {
  switch (options_->criterion().severity()) {
    case Severity::regret:
      return deviation_regret(answer);
    case Severity::margin:
      return deviation_margin(answer);
    case Severity::progress:
      break;
  }
  return options_->criterion().progress(answer, seed_->label);
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
