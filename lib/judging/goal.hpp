#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dflare/options.hpp"
#include "dflare/seeds.hpp"
#include "dflare/strategy.hpp"

namespace dflare {

/// What an objective makes of a search; all that differs between objectives, beside their words
/// in messages.
struct ObjectiveRow {
  Objective objective;
  const char* name;     ///< as in options: "worst"
  const char* meaning;  ///< what a search is after, in the words of the option
  bool ends_at_first;   ///< the first deviation ends the search from its seed input
  bool ends_as_it_is;   ///< so does a seed input that deviates as it is: nothing is better
  bool by_distance;     ///< the nearer by Options::closest_by(), the better
  bool by_severity;     ///< the larger Goal::severity(), the better: strategies climb
};

/// A row for each objective, in the order of the enumeration.
const std::vector<ObjectiveRow>& objectives();
const ObjectiveRow& row_of(Objective objective);
/// What searches are after, by objective: "any deviation, the nearest to it, or ...".
std::string objective_meanings();

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
  /// How far a mutant is from the seed image by Options::closest_by().
  double distance(const Image& mutant, const std::optional<Transformation>& transformation) const;

  const ObjectiveRow& objective() const { return row_of(options_->objective()); }
  /// What the objective makes large, of the k-th mutant of a chain's last proposal.
  double value(const Answer& answer, const Image& mutant, const Chain& chain, std::size_t k) const;

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
