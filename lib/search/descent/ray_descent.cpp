#include "search/descent/ray_descent.hpp"

#include <algorithm>
#include <cmath>

#include "dflare/random.hpp"

namespace dflare {
namespace {

constexpr int kMostLooks = 10;        // at one crossing
constexpr double kCrossAgain = -0.4;  // value far enough beyond the boundary
constexpr int kFailuresToCross = 12;  // changes in a row, after which any gain is cashed in
constexpr int kMostStepsDown = 8;     // at one radius
constexpr double kLessBold = 0.4;     // after a radius at which they were in vain
constexpr double kLeastBold = 0.1;

}  // namespace

RayDescent::RayDescent(const Options& options, const Seed& seed, const Answer& first, Distance by,
                       bool gradients)
    : options_(options),
      seed_(seed),
      rank_(options, seed, first),
      steps_(first),
      random_(stream_key(options.rng_seed(), seed.id + " descent")),
      space_(make_space(by, seed.image, options.ranges())),
      gradients_(gradients && by != Distance::strength && options.criterion().only_label()) {
  if (options.criterion().only_label()) label_.emplace(first, top_label(first.original));
  first_ = values_of(first);
}

/// Above 0 on the seed input's side of the boundary.
Values RayDescent::values_of(const Answer& answer) const {
  const bool met = goal().met(answer);
  // A tie that counts is beyond the boundary, and yet no value is below 0.
  if (label_ && (!met || deviates(answer))) return (*label_)(answer);
  // Of a criterion that is more than labels, only its own progress is known.
  const double half =
      met ? -0.05 - goal().severity(answer) / 2 : std::max(1e-3, 0.5 - rank_(answer) / 2);
  return {half, half};
}

void RayDescent::begin(const Image& mutant, const Answer& answer,
                       std::vector<AppliedOperator> history,
                       const std::optional<Transformation>& transformation) {
  const double radius = space_->radius_of(mutant, transformation);
  if (begun() && radius >= radius_) return;
  direction_ = space_->ray_of(mutant, transformation);
  radius_ = radius;
  value_ = values_of(answer).sum();
  mutant_ = mutant;
  keep_nearest(answer);
  begun_with_ = std::move(history);
  crossing_.reset();
  inner_ = 0;
  turn(DescentEvent::begun);
}

void RayDescent::turn(DescentEvent event) {
  phase_ = next_phase(phase_, event);
}

void RayDescent::look_at(const cv::Mat& direction, double radius) {
  tried_ = direction;
  tried_radius_ = radius;
  mutant_ = space_->at(direction, radius, key_);
  // A transformation that the constraints refuse is no finding; moved back, it would be none.
  if (options_.constraints().any() && !transformation())
    options_.constraints().project(seed_.image, mutant_);
}

// --- what to look at
// ------------------------------------------------------------------------------

void RayDescent::propose(std::vector<Image>& mutants, Gradients& gradients) {
  if (begun() && space_->is_nearest(radius_)) turn(DescentEvent::is_nearest);
  for (;;) {
    switch (phase_) {
      case DescentPhase::not_begun:
      case DescentPhase::nearest:
        return;
      case DescentPhase::chooses:
        choose();
        continue;
      case DescentPhase::first_look:
      case DescentPhase::line:
        if (look_on_line()) return mutants.push_back(mutant_);
        break;
      case DescentPhase::crossing:
        if (look_at_crossing()) return mutants.push_back(mutant_);
        break;
      case DescentPhase::gradients:
        if (look_down(gradients)) return mutants.push_back(mutant_);
        break;
      case DescentPhase::changes:
        look_at(space_->changed(direction_, step_, random_), radius_);
        return mutants.push_back(mutant_);
    }
    turn(DescentEvent::nothing_new);
  }
}

void RayDescent::choose() {
  const bool far = value_ < kCrossAgain || (value_ < 0 && failures_ >= kFailuresToCross);
  if (far) {
    failures_ = 0;
    begin_crossing(radius_, {value_ / 2, value_ / 2});
  }
  turn(far ? DescentEvent::far_beyond : DescentEvent::not_far);
}

bool RayDescent::look_on_line() {
  constexpr double kLittle = 0.9, kEnough = 0.02;
  if (radius_ - inner_ < kEnough * radius_) return false;
  const bool first = phase_ == DescentPhase::first_look;
  look_at(direction_, first ? kLittle * radius_ : (inner_ + radius_) / 2);
  return true;
}

void RayDescent::begin_crossing(double high_radius, const Values& high) {
  crossing_.emplace(Point{0, first_}, Point{1, high}, steps_, std::nullopt);
  radius_ = high_radius;
  looks_ = 0;
}

bool RayDescent::look_at_crossing() {
  const auto look = looks_ < kMostLooks ? crossing_->next() : std::nullopt;
  if (!look) {
    // Whatever the ties: the original's boundary is here.
    radius_ *= crossing_->high().t;
    value_ = crossing_->high().values.sum();
    crossing_.reset();
    return false;
  }
  ++looks_;
  if (look->new_dither) key_ = static_cast<std::uint32_t>(random_.bits() >> 32) | 1U;
  look_at(direction_, look->t * radius_);
  return true;
}

bool RayDescent::look_down(Gradients& gradients) {
  if (steps_down_ == kMostStepsDown) {
    boldness_ *= kLessBold;
    steps_down_ = 0;
  }
  if (!gradients_ || boldness_ < kLeastBold) return false;
  if (steps_down_ == 0) {
    target_ = space_->smaller(radius_, boldness_);
    if (target_ <= 0 || target_ >= radius_) return false;
    down_ = direction_;
    down_image_ = nearest_;
    down_other_ = nearest_other_;
  }
  ++steps_down_;
  const cv::Mat gradient = gradients.original(down_image_, label_->label(), down_other_);
  look_at(space_->descended(down_, target_, gradient), target_);
  return true;
}

// --- what was answered
// ----------------------------------------------------------------------------

void RayDescent::keep_nearest(const Answer& answer) {
  nearest_ = mutant_;
  if (label_) nearest_other_ = label_->best_other(answer.original);
  steps_down_ = 0;
}

void RayDescent::observe(const Answer& answer) {
  const Values values = values_of(answer);
  steps_.observe(values);
  const bool met = goal().met(answer, mutant_);
  turn(take(answer, values, met));
}

DescentEvent RayDescent::take(const Answer& answer, const Values& values, bool met) {
  const DescentEvent event = met                ? DescentEvent::met
                             : values.sum() < 0 ? DescentEvent::beyond
                                                : DescentEvent::missed;
  switch (phase_) {
    case DescentPhase::first_look:
    case DescentPhase::line:
      if (met) {
        take_nearer(answer, values);
      } else {
        inner_ = tried_radius_;
      }
      break;
    case DescentPhase::crossing:
      if (met) {
        take_nearer(answer, values);
        crossing_.reset();
      } else {
        crossing_->observe({tried_radius_ / radius_, values});
      }
      break;
    case DescentPhase::gradients:
      down_ = tried_;
      down_image_ = mutant_;
      if (label_) down_other_ = label_->best_other(answer.original);
      if (event != DescentEvent::missed) {
        direction_ = tried_;
        take_nearer(answer, values);
      }
      if (event == DescentEvent::beyond) begin_crossing(tried_radius_, values);
      break;
    case DescentPhase::changes:
      take_change(answer, values, met);
      break;
    default:
      break;  // nothing was proposed
  }
  return event;
}

/// On the ray at hand.
void RayDescent::take_nearer(const Answer& answer, const Values& values) {
  keep_nearest(answer);
  radius_ = tried_radius_;
  value_ = values.sum();
}

void RayDescent::take_change(const Answer& answer, const Values& values, bool met) {
  if (met || values.sum() < value_) {
    direction_ = tried_;
    value_ = values.sum();
    keep_nearest(answer);
    failures_ = 0;
    step_ = std::min(1.0, step_ * 1.5);
  } else {
    ++failures_;
    step_ = std::max(0.01, step_ * 0.9);
  }
}

std::vector<AppliedOperator> RayDescent::history() const {
  std::vector<AppliedOperator> all = begun_with_;
  all.push_back({"towards_the_seed", tried_radius_, ""});
  return all;
}

std::optional<Transformation> RayDescent::transformation() const {
  return space_->transformation(tried_, tried_radius_, key_);
}

}  // namespace dflare
