#include "search/crossing/crossing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace dflare {
namespace {

constexpr double kShortest = 1e-5;    // of a path: less changes no pixel
constexpr double kInside = 0.02;      // of the bracket, from either end
constexpr int kMostSlowSteps = 4;     // in a row, before the bracket is halved
constexpr int kMostDithers = 5;       // at one root
constexpr double kNear = 0.2;         // of a step: near enough to the root for dithers
constexpr double kPastTheRoot = 0.1;  // of a step

/// Whether all logits are whole numbers of steps above the first; `step` is taken more exactly from
/// the last.
bool are_multiples(const std::vector<double>& logits, double step) {
  constexpr double kRounding = 0.02;  // of a step
  const double span = logits.back() - logits.front();
  const double exact = span / std::round(span / step);
  return std::all_of(logits.begin(), logits.end(), [&](double logit) {
    const double steps = (logit - logits.front()) / exact;
    return std::abs(steps - std::round(steps)) < kRounding;
  });
}

/// The step of a model whose logits are multiples of one, as those of an 8-bit last layer are: all
/// differences of the scores' logarithms are then whole numbers of it. 0 where they are not.
double step_of(ScoreRow scores) {
  constexpr double kSmallest = 0.01;
  constexpr std::size_t kEnough = 6;  // classes that tell a step from chance
  std::vector<double> logits;
  for (int c = 0; c < scores.classes; ++c) {
    if (scores[c] > 1e-20F) logits.push_back(std::log(static_cast<double>(scores[c])));
  }
  std::sort(logits.begin(), logits.end());
  double step = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    const double gap = logits[i] - logits[i - 1];
    if (gap > kSmallest && (step == 0 || gap < step)) step = gap;
  }
  if (logits.size() < kEnough || step == 0) return 0;
  // The smallest gap may be several steps.
  for (int divisor = 1; divisor <= 4 && step / divisor > kSmallest; ++divisor) {
    if (are_multiples(logits, step / divisor)) return step / divisor;
  }
  return 0;
}

}  // namespace

Steps::Steps(const Answer& first)
    : original_(step_of(first.original)), compressed_(step_of(first.compressed)) {}

void Steps::observe(const Values& values) {
  const auto see = [](Model& model, double value, double other) {
    if (value == 0 && other != 0) model.moves_in_steps = true;
  };
  see(original_, values.original, values.compressed);
  see(compressed_, values.compressed, values.original);
}

double Steps::guide(const Values& values) const {
  if (compressed_.moves_in_steps && !original_.moves_in_steps) return values.original;
  if (original_.moves_in_steps && !compressed_.moves_in_steps) return values.compressed;
  return at_compressed_ ? values.compressed : values.sum();
}

double Steps::size() const {
  return std::max(original_.step, compressed_.step);
}

/// Anderson and Bjoerck's regula falsi (BIT 13, 1973): an end that stays weighs less and less, so
/// that the other one passes the root.
double Crossing::root() const {
  const double low = low_weight_ * steps_.guide(low_.values);
  const double high = high_weight_ * steps_.guide(high_.values);
  const double share = low == high ? 0.5 : low / (low - high);
  return low_.t + share * (high_.t - low_.t);
}

double Crossing::slope() const {
  const double fall = steps_.guide(low_.values) - steps_.guide(high_.values);
  // Ties at both ends.
  if (fall <= 0) return -1 / (high_.t - low_.t);
  return -fall / (high_.t - low_.t);
}

Look Crossing::inside(double t) const {
  const double margin = kInside * (high_.t - low_.t);
  return {std::clamp(t, low_.t + margin, high_.t - margin), false};
}

std::optional<Look> Crossing::dithered() {
  if (one_side_) {
    const double beyond = kPastTheRoot * steps_.size();
    const double value = steps_.guide(one_side_->values);
    const double t = one_side_->t - (value + std::copysign(beyond, value)) / slope();
    one_side_.reset();
    crossed_ = true;
    return Look{std::clamp(t, low_.t, high_.t), false};
  }
  if (++dithers_ > kMostDithers) return std::nullopt;
  crossed_ = false;
  return Look{*root_, true};
}

std::optional<Look> Crossing::next() {
  if (root_) return dithered();
  if (guess_) return inside(*std::exchange(guess_, std::nullopt));
  const double length = high_.t - low_.t;
  if (length < kShortest) {
    root_ = root();
    return dithered();
  }
  return inside(slow_steps_ >= kMostSlowSteps ? low_.t + length / 2 : root());
}

void Crossing::move_end(const Point& point) {
  const double value = steps_.guide(point.values);
  const bool low = value > 0;
  Point& end = low ? low_ : high_;
  if (last_was_low_ == low) {
    const double left = 1 - value / steps_.guide(end.values);
    (low ? high_weight_ : low_weight_) *= left > 0 ? left : 0.5;
  }
  (low ? low_weight_ : high_weight_) = 1;
  last_was_low_ = low;
  end = point;
}

void Crossing::observe(Point point) {
  const bool tie = point.values.original == 0 || point.values.compressed == 0;
  if (root_) {
    root_ = std::clamp(point.t - steps_.guide(point.values) / slope(), low_.t, high_.t);
    if (!tie && !crossed_) one_side_ = point;
    return;
  }
  const double before = high_.t - low_.t;
  move_end(point);
  const bool halved = high_.t - low_.t <= before / 2;
  slow_steps_ = halved || slow_steps_ >= kMostSlowSteps ? 0 : slow_steps_ + 1;
  if (tie || std::abs(steps_.guide(point.values)) < kNear * steps_.size()) root_ = root();
}

}  // namespace dflare
