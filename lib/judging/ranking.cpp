#include "judging/ranking.hpp"

#include <algorithm>
#include <cmath>

#include "judging/log_ratio.hpp"

namespace dflare {
namespace {

/// By how much the highest of the scores' logarithms is above their mean.
double spread_of(ScoreRow scores) {
  const double floor = score_floor(scores);
  double top = std::log(floor), sum = 0;
  for (int c = 0; c < scores.classes; ++c) {
    const double value = std::log(std::max<double>(scores[c], floor));
    top = std::max(top, value);
    sum += value;
  }
  return top - sum / scores.classes;
}

/// What makes the compressed model's logits spread as the original's do.
double scale_of(const Answer& first) {
  constexpr double kDead = 1e-6;
  const double original = spread_of(first.original), compressed = spread_of(first.compressed);
  return std::min(original, compressed) > kDead ? original / compressed : 1;
}

}  // namespace

Ranking::Ranking(const Options& options, const Seed& seed, const Answer& first)
    : options_(&options),
      seed_(&seed),
      goal_(options, seed),
      floor_(score_floor(first.compressed)),
      scale_(options.criterion().severity() == Severity::regret ? scale_of(first) : 1) {}

double Ranking::operator()(const Answer& answer) const {
  // Severity is at most 1, and so are progress and the models' distance.
  constexpr double kAboveAnyProgress = 10;
  if (goal_.met(answer)) return kAboveAnyProgress + goal_.severity(answer);
  // The regret and margin of all answers without a deviation are 0: alone they would lead nowhere.
  constexpr double kShareOfDistance = 0.5;
  const std::vector<float> compressed = at_scale(answer.compressed);
  return options_->criterion().progress(answer, seed_->label) +
         kShareOfDistance *
             total_variation({answer.original, {compressed.data(), answer.compressed.classes}});
}

std::vector<float> Ranking::at_scale(ScoreRow compressed) const {
  std::vector<float> scores = compressed.copy();
  if (scale_ == 1) return scores;
  const double top = std::max<double>(compressed[top_label(compressed)], floor_);
  double sum = 0;
  for (float& score : scores) {
    score = static_cast<float>(std::pow(std::max<double>(score, floor_) / top, scale_));
    sum += score;
  }
  for (float& score : scores) score = static_cast<float>(score / sum);
  return scores;
}

}  // namespace dflare
