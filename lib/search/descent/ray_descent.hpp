#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "judging/ranking.hpp"
#include "search/crossing/crossing.hpp"
#include "search/descent/descent_phase.hpp"
#include "search/descent/space.hpp"

namespace dflare {

/// Takes a deviation towards its seed input. First along the line, by bisection, while the
/// criterion is met there. Then it lies where a ray from the seed input crosses the boundary of the
/// criterion; other rays that lie further beyond the boundary at the same radius cross it nearer to
/// the seed input. So the direction is changed while that lowers the values there, and now and then
/// the crossing is looked for anew. With gradients, it goes down them at a smaller radius until the
/// boundary is crossed there (projected gradient descent, Madry et al., ICLR 2018), and then at a
/// smaller one still.
class RayDescent {
 public:
  RayDescent(const Options& options, const Seed& seed, const Answer& first, Distance by,
             bool gradients);

  const Goal& goal() const { return rank_.goal(); }
  DescentPhase phase() const { return phase_; }
  bool begun() const { return phase_ != DescentPhase::not_begun; }
  /// Begins, or goes on, from a deviation, if it is nearer than all others.
  void begin(const Image& mutant, const Answer& answer, std::vector<AppliedOperator> history,
             const std::optional<Transformation>& transformation);

  /// Appends the next mutant; none where all that it tries is in vain.
  void propose(std::vector<Image>& mutants, Gradients& gradients);
  void observe(const Answer& answer);

  std::vector<AppliedOperator> history() const;
  std::optional<Transformation> transformation() const;

 private:
  Values values_of(const Answer& answer) const;
  void turn(DescentEvent event);

  void choose();
  // Each makes the next mutant; false where its phase has nothing more to look at.
  bool look_on_line();
  bool look_at_crossing();
  bool look_down(Gradients& gradients);
  void look_at(const cv::Mat& direction, double radius);
  void begin_crossing(double high_radius, const Values& high);

  /// Takes the answer to the mutant; what it was.
  DescentEvent take(const Answer& answer, const Values& values, bool met);
  void take_nearer(const Answer& answer, const Values& values);
  void take_change(const Answer& answer, const Values& values, bool met);
  void keep_nearest(const Answer& answer);

  const Options& options_;
  const Seed& seed_;
  Ranking rank_;
  std::optional<LogRatio> label_;  // where any difference of the labels will do
  Values first_;
  Steps steps_;
  Random random_;
  std::unique_ptr<Space> space_;
  bool gradients_;

  cv::Mat direction_;  // of the ray at hand
  double radius_ = 0;  // of its best known crossing
  double value_ = 0;   // at that radius: the lower, the further beyond
  double inner_ = 0;   // on this ray the criterion is not met here
  double step_ = 0.3;
  int failures_ = 0;       // changes in a row
  Image nearest_;          // of the ray at hand, at its radius
  int nearest_other_ = 0;  // the class that the original puts next to, or above, the label there

  // Going down gradients at a smaller radius:
  int steps_down_ = 0;
  double boldness_ = 1;
  double target_ = 0;
  cv::Mat down_;      // direction
  Image down_image_;  // where the next gradient is taken
  int down_other_ = 0;
  std::vector<AppliedOperator> begun_with_;

  DescentPhase phase_ = DescentPhase::not_begun;
  cv::Mat tried_;
  double tried_radius_ = 0;
  std::uint32_t key_ = 1;
  Image mutant_;
  std::optional<Crossing> crossing_;
  int looks_ = 0;  // at this crossing
};

}  // namespace dflare
