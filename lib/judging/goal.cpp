#include "judging/goal.hpp"

#include <limits>
#include <opencv2/core.hpp>

#include "mutation/extents.hpp"

namespace dflare {

const std::vector<ObjectiveRow>& objectives() {
  static const std::vector<ObjectiveRow> rows = {
      {Objective::first, "first", "any deviation", true, true, false, false},
      {Objective::closest, "closest", "the nearest to it", false, true, true, false},
      // Something may be worse than a seed input that deviates as it is.
      {Objective::worst, "worst",
       "that of largest regret (of largest margin where the criterion has one)", false, false,
       false, true},
  };
  return rows;
}

const ObjectiveRow& row_of(Objective objective) {
  return objectives().at(static_cast<std::size_t>(objective));
}

std::string objective_meanings() {
  std::string text;
  for (const ObjectiveRow& row : objectives()) {
    const bool last = row.objective == objectives().back().objective;
    text += std::string(text.empty() ? "" : last ? ", or " : ", ") + row.meaning;
  }
  return text;
}

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

double Goal::distance(const Image& mutant,
                      const std::optional<Transformation>& transformation) const {
  return distance_by(options_->closest_by(), *seed_, mutant, transformation, options_->ranges());
}

double Goal::value(const Answer& answer, const Image& mutant, const Chain& chain,
                   std::size_t k) const {
  if (objective().by_distance) return -distance(mutant, chain.transformation(k));
  return objective().by_severity ? severity(answer) : 0;
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
