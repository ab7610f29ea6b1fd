#pragma once

#include <optional>

#include "judging/log_ratio.hpp"

namespace dflare {

/// What the models answered on a path.
struct Point {
  double t = 0;
  Values values;
};

/// What a chain has learnt of the steps in which its models' values move. The scores of 8-bit
/// models tie over stretches of a path, and there is no deviation where one of the models ties.
class Steps {
 public:
  /// `first` is the answer to the seed input.
  explicit Steps(const Answer& first);
  void observe(const Values& values);
  /// Whether to look for the compressed model's own root, where the regret is largest, rather than
  /// between both.
  void aim_at_compressed(bool aim) { at_compressed_ = aim; }

  /// What stands for both models' values: their sum, or the other's where one moves in steps. A
  /// root of the sum lies between the models' own.
  double guide(const Values& values) const;
  /// The step of the model that moves in steps; 0 where neither does or it is not known.
  double size() const;

 private:
  struct Model {
    explicit Model(double known_step) : moves_in_steps(known_step > 0), step(known_step) {}
    bool moves_in_steps;
    double step;  // 0: not known
  };
  Model original_, compressed_;
  bool at_compressed_ = false;
};

/// Where to look next.
struct Look {
  double t = 0;
  bool new_dither = false;
};

/// Looks on a path for a place between the two models' own roots: there their labels differ. The
/// guide is above 0 at one end of the bracket and below 0 at the other. Once a model ties, the
/// other one's root is where to look, with one dither after another: each moves the 8-bit model's
/// rounding, and leaves the other model's score nearly alone.
class Crossing {
 public:
  /// `guess`: where to look first.
  Crossing(Point low, Point high, const Steps& steps, std::optional<double> guess)
      : low_(low), high_(high), steps_(steps), guess_(guess) {}

  /// None once nothing is left between the ends of the bracket, or many dithers were in vain.
  std::optional<Look> next();
  void observe(Point point);

  /// The nearest point on the side of the seed input.
  Point low() const { return low_; }
  Point high() const { return high_; }

 private:
  double root() const;
  void move_end(const Point& point);
  Look inside(double t) const;
  std::optional<Look> dithered();
  /// Of the guide, along the path.
  double slope() const;

  Point low_, high_;
  const Steps& steps_;
  std::optional<double> guess_;
  double low_weight_ = 1, high_weight_ = 1;
  std::optional<bool> last_was_low_;
  int slow_steps_ = 0;  // in a row, that did not halve the bracket
  int dithers_ = 0;
  std::optional<double> root_;     // of the guide, once a model has tied
  std::optional<Point> one_side_;  // with this dither both models have the same sign here
  bool crossed_ = false;           // this dither's other side has been looked at
};

}  // namespace dflare
