#pragma once

#include "dflare/options.hpp"
#include "dflare/search.hpp"

namespace dflare {

/// What a search from one seed input is after: its criterion, constraints and objective together.
class Goal {
 public:
  Goal(const Options& options, const Seed& seed) : options_(&options), seed_(&seed) {}

  /// The criterion, whatever the constraints.
  bool met(const Answer& answer) const { return options_->criterion().met(answer, seed_->label); }
  /// Whether the mutant is a deviation as asked for.
  bool met(const Answer& answer, const Image& mutant) const {
    return met(answer) && options_->constraints().allow(seed_->image, mutant);
  }

  /// How bad an answer is that meets the criterion, by the figure that Criteria::severity() says.
  double severity(const Answer& answer) const;

  bool ends_at_first() const { return options_->objective() == Objective::first; }

 private:
  const Options* options_;
  const Seed* seed_;
};

/// How far a mutant is from its seed image, in the unit of `by`. `transformation` is needed for
/// Distance::strength.
double distance_by(Distance by, const Seed& seed, const Image& mutant,
                   const std::optional<Transformation>& transformation,
                   const TransformationRanges& ranges);

}  // namespace dflare
