#pragma once

#include <algorithm>
#include <cmath>

#include "dflare/deviation.hpp"

namespace dflare {

/// How surely both models say the label of a seed input: logarithm of its probability less that of
/// the best other class, for each model. Above 0 where it is the model's label, 0 where it ties.
struct Values {
  double original = 0, compressed = 0;

  double sum() const { return original + compressed; }
};

/// Probabilities below it are taken as it: half a step of 8-bit ones, which are often 0.
inline double score_floor(ScoreRow scores) {
  constexpr float kSteps = 256;
  const bool eight_bit = std::all_of(scores.data, scores.data + scores.classes,
                                     [](float p) { return std::floor(p * kSteps) == p * kSteps; });
  return eight_bit ? 0.5 / kSteps : 1e-30;
}

/// Measures the values of answers, for one label.
class LogRatio {
 public:
  /// `first` is the answer to the seed input.
  LogRatio(const Answer& first, int label)
      : label_(label),
        original_floor_(score_floor(first.original)),
        compressed_floor_(score_floor(first.compressed)) {}

  int label() const { return label_; }
  Values operator()(const Answer& answer) const {
    return {of(answer.original, original_floor_), of(answer.compressed, compressed_floor_)};
  }

  /// The class other than the label that the model prefers.
  int best_other(ScoreRow scores) const {
    int best = label_ == 0 ? 1 : 0;
    for (int c = best + 1; c < scores.classes; ++c) {
      if (c != label_ && scores[c] > scores[best]) best = c;
    }
    return best;
  }

 private:
  double of(ScoreRow scores, double floor) const {
    const double own = std::max<double>(scores[label_], floor);
    const double other = std::max<double>(scores[best_other(scores)], floor);
    return std::log(own) - std::log(other);
  }

  int label_;
  double original_floor_, compressed_floor_;
};

}  // namespace dflare
