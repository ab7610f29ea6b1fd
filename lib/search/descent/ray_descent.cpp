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

std::unique_ptr<Space> space_for(Distance by, const Seed& seed, const Options& options) {
  switch (by) {
    case Distance::l_inf:
      return make_l_inf_space(seed.image);
    case Distance::strength:
      return make_strength_space(seed.image, options.ranges());
    case Distance::l2:
      break;
  }
  return make_l2_space(seed.image);
}

}  // namespace

RayDescent::RayDescent(const Options& options, const Seed& seed, const Answer& first, Distance by,
                       bool gradients)
    : options_(options),
      seed_(seed),
      rank_(options, seed, first),
      steps_(first),
      random_(stream_key(options.rng_seed(), seed.id + " descent")),
      space_(space_for(by, seed, options)),
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
  on_line_ = first_look_ = true;
}

void RayDescent::look_at(const cv::Mat& direction, double radius) {
  tried_ = direction;
  tried_radius_ = radius;
  mutant_ = space_->at(direction, radius, key_);
  // A transformation that the constraints refuse is no finding; moved back, it would be none.
  if (options_.constraints().any() && !transformation())
    options_.constraints().project(seed_.image, mutant_);
}

void RayDescent::begin_crossing(double high_radius, const Values& high) {
  crossing_.emplace(Point{0, first_}, Point{1, high}, steps_, std::nullopt);
  radius_ = high_radius;
  looks_ = 0;
}

/// Most deviations lie on a boundary, with nothing nearer on the line: the first look, a little
/// nearer, says so.
bool RayDescent::propose_line() {
  constexpr double kLittle = 0.9, kEnough = 0.02;
  if (!on_line_ || radius_ - inner_ < kEnough * radius_) return false;
  move_ = Move::line;
  look_at(direction_, first_look_ ? kLittle * radius_ : (inner_ + radius_) / 2);
  return true;
}

bool RayDescent::propose_crossing() {
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
  move_ = Move::cross;
  look_at(direction_, look->t * radius_);
  return true;
}

void RayDescent::keep_nearest(const Answer& answer) {
  nearest_ = mutant_;
  if (label_) nearest_other_ = label_->best_other(answer.original);
  steps_down_ = 0;
}

bool RayDescent::propose_gradient(Gradients& gradients) {
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
  move_ = Move::gradient;
  look_at(space_->descended(down_, target_, gradient), target_);
  return true;
}

void RayDescent::propose_change() {
  move_ = Move::change;
  look_at(space_->changed(direction_, step_, random_), radius_);
}

void RayDescent::propose(std::vector<Image>& mutants, Gradients& gradients) {
  if (space_->is_nearest(radius_)) return;
  if (propose_line()) return mutants.push_back(mutant_);
  if (crossing_ && propose_crossing()) return mutants.push_back(mutant_);
  if (value_ < kCrossAgain || (value_ < 0 && failures_ >= kFailuresToCross)) {
    failures_ = 0;
    begin_crossing(radius_, {value_ / 2, value_ / 2});
    if (propose_crossing()) return mutants.push_back(mutant_);
  }
  if (!propose_gradient(gradients)) propose_change();
  mutants.push_back(mutant_);
}

void RayDescent::observe(const Answer& answer) {
  const Values values = values_of(answer);
  steps_.observe(values);
  const bool met = goal().met(answer, mutant_);
  switch (move_) {
    case Move::line:
      if (met) {
        keep_nearest(answer);
        radius_ = tried_radius_;
        value_ = values.sum();
      } else {
        on_line_ = !first_look_;
        inner_ = tried_radius_;
      }
      first_look_ = false;
      break;
    case Move::cross:
      if (met) {
        keep_nearest(answer);
        radius_ = tried_radius_;
        value_ = values.sum();
        crossing_.reset();
      } else {
        crossing_->observe({tried_radius_ / radius_, values});
      }
      break;
    case Move::gradient:
      down_ = tried_;
      down_image_ = mutant_;
      if (label_) down_other_ = label_->best_other(answer.original);
      if (met || values.sum() < 0) {
        direction_ = tried_;
        radius_ = tried_radius_;
        value_ = values.sum();
        keep_nearest(answer);
        if (!met) begin_crossing(tried_radius_, values);
      }
      break;
    case Move::change:
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
      break;
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
