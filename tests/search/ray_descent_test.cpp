// The way towards a seed input, without an engine: images out, answers in.

#include "search/descent/ray_descent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <opencv2/core.hpp>
#include <stdexcept>

namespace dflare {
namespace {

using Phase = DescentPhase;
using Event = DescentEvent;
using testing::IsEmpty;

TEST(DescentPhases, HaveTheseTransitionsAndNoOthers) {
  std::map<std::pair<Phase, Event>, Phase> expected = {
      {{Phase::first_look, Event::nothing_new}, Phase::chooses},
      {{Phase::first_look, Event::met}, Phase::line},
      {{Phase::first_look, Event::beyond}, Phase::chooses},
      {{Phase::first_look, Event::missed}, Phase::chooses},
      {{Phase::line, Event::nothing_new}, Phase::chooses},
      {{Phase::line, Event::met}, Phase::line},
      {{Phase::line, Event::beyond}, Phase::line},
      {{Phase::line, Event::missed}, Phase::line},
      {{Phase::chooses, Event::far_beyond}, Phase::crossing},
      {{Phase::chooses, Event::not_far}, Phase::gradients},
      {{Phase::crossing, Event::nothing_new}, Phase::chooses},
      {{Phase::crossing, Event::met}, Phase::chooses},
      {{Phase::crossing, Event::beyond}, Phase::crossing},
      {{Phase::crossing, Event::missed}, Phase::crossing},
      {{Phase::gradients, Event::nothing_new}, Phase::changes},
      {{Phase::gradients, Event::met}, Phase::chooses},
      {{Phase::gradients, Event::beyond}, Phase::crossing},
      {{Phase::gradients, Event::missed}, Phase::chooses},
      {{Phase::changes, Event::met}, Phase::chooses},
      {{Phase::changes, Event::beyond}, Phase::chooses},
      {{Phase::changes, Event::missed}, Phase::chooses}};
  const std::vector<Phase> phases = {Phase::not_begun, Phase::first_look, Phase::line,
                                     Phase::chooses,   Phase::crossing,   Phase::gradients,
                                     Phase::changes,   Phase::nearest};
  for (const Phase phase : phases) {
    expected[{phase, Event::begun}] = Phase::first_look;
    if (phase != Phase::not_begun) expected[{phase, Event::is_nearest}] = Phase::nearest;
  }
  for (const Phase phase : phases) {
    for (const Event event : {Event::begun, Event::is_nearest, Event::far_beyond, Event::not_far,
                              Event::nothing_new, Event::met, Event::beyond, Event::missed}) {
      const auto found = expected.find({phase, event});
      if (found == expected.end()) {
        EXPECT_THROW(next_phase(phase, event), std::logic_error)
            << static_cast<int>(phase) << " " << static_cast<int>(event);
      } else {
        EXPECT_EQ(next_phase(phase, event), found->second);
      }
    }
  }
}

/// Two models' probabilities of two classes.
struct Told {
  std::vector<float> original, compressed;

  Answer answer() const { return {{original.data(), 2}, {compressed.data(), 2}}; }
};

const Told first = {{0.9F, 0.1F}, {0.8F, 0.2F}};
const Told agreed = {{0.6F, 0.4F}, {0.55F, 0.45F}};
/// A deviation with values whose sum is little below 0, and one far beyond the boundary.
const Told near = {{0.53F, 0.47F}, {0.45F, 0.55F}}, far = {{0.6F, 0.4F}, {0.05F, 0.95F}};
/// Beyond the boundary, where both models have changed their mind.
const Told both = {{0.4F, 0.6F}, {0.3F, 0.7F}};

/// Says that every value's slope is 1, or those of the first row alone, and counts.
class Uphill : public Gradients {
 public:
  cv::Mat original(const Image& image, int, int) override {
    ++asked;
    asked_at = image.clone();
    cv::Mat slopes(image.size(), CV_32FC1, cv::Scalar(first_row_alone ? 0 : 1));
    slopes.row(0) = 1;
    return slopes;
  }
  cv::Mat compressed(const Image&, int, int) override {
    ADD_FAILURE() << "not asked for";
    return {};
  }
  int asked = 0;
  Image asked_at;  // the last image
  bool first_row_alone = false;
};

class ADescent : public ::testing::Test {
 protected:
  ADescent() { seed_ = {"grey", Image(6, 6, CV_8UC1, cv::Scalar(50)), {}}; }

  /// From a mutant that many levels brighter than the seed image.
  RayDescent& begin(int levels, const Told& told, Distance by = Distance::l2,
                    bool gradients = false) {
    descent_ = std::make_unique<RayDescent>(options_, seed_, first.answer(), by, gradients);
    descent_->begin(Image(6, 6, CV_8UC1, cv::Scalar(50 + levels)), told.answer(),
                    {{"brighter", 1.0 * levels, ""}}, std::nullopt);
    return *descent_;
  }
  /// By how many levels the next mutant is brighter, in the mean; -1 where there is none.
  double next() {
    std::vector<Image> mutants;
    descent_->propose(mutants, gradients_);
    if (mutants.empty()) return -1;
    EXPECT_EQ(mutants.size(), 1U);
    proposed_ = mutants[0];
    return cv::mean(mutants[0])[0] - 50;
  }
  void observe(const Told& told) { descent_->observe(told.answer()); }

  Options options_;
  Seed seed_;
  Uphill gradients_;
  Image proposed_;
  std::unique_ptr<RayDescent> descent_;
};

constexpr double kDither = 1;  // levels

TEST_F(ADescent, ProposesNothingBeforeItHasBegun) {
  RayDescent descent(options_, seed_, first.answer(), Distance::l_inf, false);
  EXPECT_EQ(descent.phase(), Phase::not_begun);
  EXPECT_FALSE(descent.begun());
  std::vector<Image> mutants;
  descent.propose(mutants, gradients_);
  EXPECT_THAT(mutants, IsEmpty());
  EXPECT_EQ(descent.phase(), Phase::not_begun);
}

TEST_F(ADescent, BeginsFromTheNearestDeviation) {
  RayDescent& descent = begin(100, near);
  EXPECT_EQ(descent.phase(), Phase::first_look);
  descent.begin(Image(6, 6, CV_8UC1, cv::Scalar(90)), near.answer(), {}, std::nullopt);
  descent.begin(Image(6, 6, CV_8UC1, cv::Scalar(120)), near.answer(), {}, std::nullopt);
  EXPECT_NEAR(next(), 0.9 * 40, kDither);
}

TEST_F(ADescent, BisectsTheLineWhileThatLeadsToDeviations) {
  begin(100, near);
  EXPECT_NEAR(next(), 90, kDither);
  EXPECT_EQ(descent_->phase(), Phase::first_look);
  observe(near);
  EXPECT_EQ(descent_->phase(), Phase::line);
  EXPECT_NEAR(next(), 45, kDither);
  observe(agreed);
  EXPECT_EQ(descent_->phase(), Phase::line);
  EXPECT_NEAR(next(), 67.5, kDither);
  observe(near);
  EXPECT_NEAR(next(), 56.25, kDither);
  EXPECT_EQ(descent_->history().at(0).name, "brighter");
  EXPECT_NEAR(descent_->history().at(1).strength, 56.25 * 6, 1);
  // Until what is between is not worth it.
  int looks = 0;
  while (descent_->phase() == Phase::line && ++looks < 20) {
    observe(agreed);
    next();
  }
  EXPECT_LT(looks, 8);
  EXPECT_EQ(descent_->phase(), Phase::changes);
}

TEST_F(ADescent, LeavesTheLineAfterAFirstLookInVain) {
  begin(100, near);
  next();
  observe(agreed);
  EXPECT_EQ(descent_->phase(), Phase::chooses);
  EXPECT_NE(next(), -1);
  EXPECT_EQ(descent_->phase(), Phase::changes) << "little beyond the boundary, and no gradients";
  observe(near);
  EXPECT_EQ(descent_->phase(), Phase::chooses);
}

TEST_F(ADescent, LooksForTheCrossingFarBeyondTheBoundary) {
  begin(100, far);
  next();
  observe(agreed);
  const double level = next();
  EXPECT_EQ(descent_->phase(), Phase::crossing);
  EXPECT_GT(level, 0);
  EXPECT_LT(level, 100);
  observe(agreed);
  EXPECT_EQ(descent_->phase(), Phase::crossing) << "between there and the deviation";
  EXPECT_GT(next(), level);
  observe(near);
  EXPECT_EQ(descent_->phase(), Phase::chooses);
  next();
  EXPECT_EQ(descent_->phase(), Phase::changes);
}

TEST_F(ADescent, EndsACrossingWithoutADeviationAndGoesOnNearer) {
  begin(100, far);
  next();
  observe(agreed);
  const Told little_beyond = {{0.48F, 0.52F}, {0.47F, 0.53F}};
  double level = next(), nearest = level;
  int looks = 0;
  while (descent_->phase() == Phase::crossing && ++looks < 30) {
    nearest = level;
    observe(little_beyond);
    level = next();
  }
  EXPECT_LE(looks, 10);
  EXPECT_EQ(descent_->phase(), Phase::changes);
  EXPECT_LT(nearest, 50);
  EXPECT_NEAR(descent_->history().back().strength, 6 * nearest, 6 * kDither)
      << "at the radius where the boundary is";
}

TEST_F(ADescent, CashesInSmallGainsAfterManyChangesInVain) {
  begin(100, near);
  next();
  observe(agreed);
  int changes = 0;
  for (next(); descent_->phase() == Phase::changes && changes < 30; next()) {
    ++changes;
    observe(agreed);
  }
  EXPECT_EQ(changes, 12);
  EXPECT_EQ(descent_->phase(), Phase::crossing);
}

TEST_F(ADescent, GoesDownGradientsAtASmallerRadius) {
  begin(100, near, Distance::l2, true);
  next();
  observe(agreed);
  EXPECT_EQ(gradients_.asked, 0);
  const double level = next();
  EXPECT_EQ(descent_->phase(), Phase::gradients);
  EXPECT_EQ(gradients_.asked, 1);
  EXPECT_NEAR(level, 70, kDither);
  observe(near);
  EXPECT_EQ(descent_->phase(), Phase::chooses);
  EXPECT_NEAR(next(), 49, kDither) << "met there, so at a smaller radius still";
  observe(both);
  EXPECT_EQ(descent_->phase(), Phase::crossing) << "beyond the boundary, and no deviation";
  for (int looks = 0; looks < 5; ++looks) {
    EXPECT_LT(next(), 49 + kDither) << "on this side of there";
    ASSERT_EQ(descent_->phase(), Phase::crossing);
    observe(agreed);
  }
}

TEST_F(ADescent, TakesEachGradientWhereTheLastOneLed) {
  gradients_.first_row_alone = true;
  begin(20, near, Distance::l2, true);
  next();
  observe(agreed);
  double level = 50 + 20;  // of the first row
  for (int step = 0; step < 3; ++step) {
    const Image before = proposed_;
    next();
    ASSERT_EQ(descent_->phase(), Phase::gradients);
    if (step > 0) {
      EXPECT_TRUE(same_pixels(gradients_.asked_at, before));
    }
    EXPECT_LT(cv::mean(proposed_.row(0))[0], level) << step;
    level = cv::mean(proposed_.row(0))[0];
    observe(agreed);
  }
}

TEST_F(ADescent, ChangesTheRayOnceGradientsAreInVain) {
  begin(100, near, Distance::l2, true);
  next();
  observe(agreed);
  for (next(); descent_->phase() == Phase::gradients && gradients_.asked < 100; next())
    observe(agreed);
  EXPECT_EQ(descent_->phase(), Phase::changes);
  EXPECT_EQ(gradients_.asked, 24) << "eight each at three radii, bolder at first";
}

TEST_F(ADescent, AsksForNoGradientsWhereTheCriterionIsMoreThanLabels) {
  options_.regret(0.01);
  begin(100, near, Distance::l2, true);
  next();
  observe(agreed);
  next();
  EXPECT_NE(descent_->phase(), Phase::gradients);
  EXPECT_EQ(gradients_.asked, 0);
}

TEST_F(ADescent, EndsWhereOnlyTheSeedInputIsNearer) {
  begin(1, near, Distance::l_inf);
  EXPECT_EQ(next(), -1);
  EXPECT_EQ(descent_->phase(), Phase::nearest);
  EXPECT_EQ(next(), -1);
}

}  // namespace
}  // namespace dflare
