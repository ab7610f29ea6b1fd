#pragma once

/// @file
/// What is measured of a deviation: the figures that results, findings, their replays and reports
/// have in common.

#include <cstddef>
#include <optional>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/distances.hpp"
#include "dflare/transformation.hpp"

namespace dflare {

/// What two models say of one image, in figures.
struct Measurement {
  int original_label = -1,    ///< the original's top_label(); -1 where it was not evaluated
      compressed_label = -1;  ///< the compressed model's, regretted_label(); likewise
  float original_score = 0,   ///< the original's probability of its own label
      compressed_score = 0;   ///< the compressed model's of its own
  double regret = 0;          ///< deviation_regret(): how bad it is
  double margin = 0;          ///< deviation_margin(); at most 0 where the labels do not differ
};
/// The figures of an answer of at least one class.
Measurement measurement_of(const Answer& answer);

/// What both models say of one image, in memory of its own.
struct OwnedAnswer {
  std::vector<float> original_scores,  ///< probabilities, one a class
      compressed_scores;               ///< likewise, as many

  /// The scores; points into this object.
  Answer answer() const;
};
/// A copy of what an answer points to.
OwnedAnswer owned(const Answer& answer);

/// What was spent on a seed input.
struct Effort {
  int queries = 0;    ///< mutants that were evaluated
  int gradients = 0;  ///< of either model
  int paths = 0;      ///< tried, by strategies that follow paths
};

/// A deviation in figures: all that is known of it but its images, its scores and its history.
/// The effort is that up to its mutant, whose query is included; none as it is.
struct DeviationRecord : Measurement, Effort {
  std::size_t position = 0;  ///< of the seed in its SeedSet
  bool as_it_is = false;     ///< the seed input itself deviates
  Distances distances;       ///< mutant to seed image
  /// Where the mutant was made by a transformation alone: apply() it to the seed's image to make it
  /// again, bit for bit.
  std::optional<Transformation> transformation;
};

}  // namespace dflare
