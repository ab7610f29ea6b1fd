#pragma once

/// @file
/// The answers of two models to one image: labels, deviation and its margin.

#include <vector>

#include "dflare/image.hpp"

namespace dflare {

/// One model's probabilities for one image; points into memory that somebody else owns.
struct ScoreRow {
  const float* data = nullptr;  ///< `classes` probabilities
  int classes = 0;              ///< number of them

  /// Probability of class c, counted from 0; not checked.
  float operator[](int c) const { return data[c]; }
  /// The probabilities in memory of their own.
  std::vector<float> copy() const { return {data, data + classes}; }
};

/// What both models say of one image.
struct Answer {
  ScoreRow original;    ///< of the model before compression
  ScoreRow compressed;  ///< as many classes as the original's
};

/// A model's labels: all classes that share its top score, in ascending order.
std::vector<int> labels_of(ScoreRow scores);

/// The first of the labels: the lowest class that has the top score.
int top_label(ScoreRow scores);

/// True where the two sets of labels have no class in common, so that each model strictly prefers
/// its own label over the other's.
bool deviates(const Answer& answer);

/// min(p_o[a] - p_o[b], p_c[b] - p_c[a]), a and b the labels of original and compressed: how surely
/// they disagree. In (0, 1] for a deviation, at most 0 otherwise.
double deviation_margin(const Answer& answer);

/// p_o[a] less the smallest p_o[b], a the original's label and b those of the compressed model's
/// labels that are not among the original's: how much the original prefers its own label over what
/// the compressed model says. In (0, 1], and 0 where the compressed model says nothing else than
/// the original: it asks nothing of the compressed model's scores but which are on top, and a tie
/// of them with another class counts.
double deviation_regret(const Answer& answer);

/// The compressed model's label that deviation_regret() is of: of those that tie, the one which the
/// original gives the least.
int regretted_label(const Answer& answer);

}  // namespace dflare
