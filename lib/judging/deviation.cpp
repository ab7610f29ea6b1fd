#include "dflare/deviation.hpp"

#include <algorithm>
#include <limits>

namespace dflare {
namespace {

float top_score(ScoreRow scores) {
  return *std::max_element(scores.data, scores.data + scores.classes);
}

/// The highest score that `scores` gives to any of the classes that `other` puts on top.
float best_of_labels(ScoreRow scores, ScoreRow other) {
  const float top = top_score(other);
  float best = -std::numeric_limits<float>::infinity();
  for (int c = 0; c < scores.classes; ++c) {
    if (other[c] == top) best = std::max(best, scores[c]);
  }
  return best;
}

}  // namespace

std::vector<int> labels_of(ScoreRow scores) {
  const float top = top_score(scores);
  std::vector<int> labels;
  for (int c = 0; c < scores.classes; ++c) {
    if (scores[c] == top) labels.push_back(c);
  }
  return labels;
}

int top_label(ScoreRow scores) {
  return static_cast<int>(std::max_element(scores.data, scores.data + scores.classes) -
                          scores.data);
}

bool deviates(const Answer& answer) {
  const float top_original = top_score(answer.original);
  const float top_compressed = top_score(answer.compressed);
  for (int c = 0; c < answer.original.classes; ++c) {
    if (answer.original[c] == top_original && answer.compressed[c] == top_compressed) return false;
  }
  return true;
}

double deviation_margin(const Answer& answer) {
  const float original =
      top_score(answer.original) - best_of_labels(answer.original, answer.compressed);
  const float compressed =
      top_score(answer.compressed) - best_of_labels(answer.compressed, answer.original);
  return std::min(original, compressed);
}

double deviation_regret(const Answer& answer) {
  return top_score(answer.original) - answer.original[regretted_label(answer)];
}

int regretted_label(const Answer& answer) {
  const float top = top_score(answer.compressed);
  int regretted = top_label(answer.compressed);
  for (int c = 0; c < answer.original.classes; ++c) {
    if (answer.compressed[c] == top && answer.original[c] < answer.original[regretted])
      regretted = c;
  }
  return regretted;
}

}  // namespace dflare
