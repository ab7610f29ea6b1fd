#include "search/crossing/crossing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "dflare/random.hpp"

namespace dflare {
namespace {

using Scores = std::vector<float>;

Scores softmax(const std::vector<double>& logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += std::exp(logit - largest);
  Scores scores;
  for (const double logit : logits)
    scores.push_back(static_cast<float>(std::exp(logit - largest) / sum));
  return scores;
}

Scores random_scores(Random& random, int classes = 10, double spread = 4) {
  std::vector<double> logits(static_cast<std::size_t>(classes));
  for (double& logit : logits) logit = spread * random.normal();
  return softmax(logits);
}

/// As of an 8-bit last layer: logits are multiples of `step`.
Scores stepped_scores(Random& random, double step, int largest = 60) {
  std::vector<double> logits(10);
  for (double& logit : logits) logit = step * random.integer(-largest, largest);
  return softmax(logits);
}

ScoreRow row(const Scores& scores) {
  return {scores.data(), static_cast<int>(scores.size())};
}

Steps steps_of(const Scores& original, const Scores& compressed) {
  return Steps({row(original), row(compressed)});
}

/// Of so few classes that no step is seen in them.
Steps no_steps() {
  const Scores scores = {0.1F, 0.23F, 0.31F, 0.36F};
  return steps_of(scores, scores);
}

// --- Steps ---------------------------------------------------------------------------------------

TEST(Steps, KnowTheStepOfLogitsThatAreMultiplesOfOne) {
  Random random(2);
  for (const double step : {0.05, 0.1373, 0.31, 0.9}) {
    for (int i = 0; i < 50; ++i) {
      const Scores float_scores = random_scores(random), stepped = stepped_scores(random, step, 10);
      const double size = steps_of(float_scores, stepped).size();
      // All of them may happen to be multiples of two steps or more.
      const double multiple = size / step;
      EXPECT_GE(multiple, 0.99) << step;
      EXPECT_NEAR(multiple, std::round(multiple), 0.01) << step;
    }
  }
  const Scores gaps_of_two_and_more = softmax({0, 2 * 0.2, 5 * 0.2, 9 * 0.2, 12 * 0.2, 26 * 0.2});
  EXPECT_NEAR(steps_of(gaps_of_two_and_more, gaps_of_two_and_more).size(), 0.2, 1e-3);
}

TEST(Steps, AreNoneOfFloats) {
  Random random(3);
  int mistaken = 0;
  constexpr int pairs = 1000;
  for (int i = 0; i < pairs; ++i)
    mistaken += steps_of(random_scores(random), random_scores(random)).size() > 0;
  EXPECT_LT(mistaken, pairs / 100);
}

TEST(Steps, AreNoneOfTheFloatsOfManyClasses) {
  Random random(4);
  int mistaken = 0;
  for (int i = 0; i < 100; ++i)
    mistaken += steps_of(random_scores(random, 1000), random_scores(random, 1000)).size() > 0;
  EXPECT_LT(mistaken, 2);
}

TEST(Steps, OfProbabilitiesInStepsAreLearntFromTies) {
  // Multiples of 1/256: their logarithms are no multiples of anything.
  const Scores eight_bit = {3 / 256.0F, 41 / 256.0F, 110 / 256.0F, 17 / 256.0F,
                            7 / 256.0F, 29 / 256.0F, 49 / 256.0F};
  Random random(5);
  Steps steps = steps_of(random_scores(random, 7), eight_bit);
  EXPECT_EQ(steps.size(), 0);
  EXPECT_EQ(steps.guide({1, 0.5}), 1.5);
  steps.observe({0.25, 0});
  EXPECT_EQ(steps.guide({1, 0.5}), 1);
  EXPECT_EQ(steps.size(), 0) << "how large they are is not known";
}

TEST(Steps, GuideIsTheModelThatMovesSmoothlyOrBoth) {
  Random random(6);
  const Scores smooth = random_scores(random), stepped = stepped_scores(random, 0.2, 10);
  const Values values{3, 5};
  EXPECT_EQ(steps_of(smooth, smooth).guide(values), 8);
  EXPECT_EQ(steps_of(smooth, stepped).guide(values), 3);
  EXPECT_EQ(steps_of(stepped, smooth).guide(values), 5);
  EXPECT_EQ(steps_of(stepped, stepped).guide(values), 8);
  Steps steps = steps_of(smooth, smooth);
  steps.observe({0, 0});  // says nothing of either
  EXPECT_EQ(steps.guide(values), 8);
  steps.observe({0, 1});
  EXPECT_EQ(steps.guide(values), 5);
}

// --- Crossing ------------------------------------------------------------------------------------

/// A path's values for a dither, which counts up with each new one.
using Function = std::function<Values(double t, int dither)>;

struct Looked {
  int queries = 0, dithers = 0;
  bool crossed = false;  // the models' labels differ there
};

/// Looks between 0 and `end`, as a chain does.
Looked look(const Function& f, Steps& steps, double end = 1, std::optional<double> guess = {}) {
  const Point low{0, f(0, 0)}, high{end, f(end, 0)};
  Crossing crossing(low, high, steps, guess);
  Looked looked;
  while (const auto next = crossing.next()) {
    EXPECT_GE(next->t, 0);
    EXPECT_LE(next->t, end);
    looked.dithers += next->new_dither;
    const Values values = f(next->t, looked.dithers);
    steps.observe(values);
    if (++looked.queries > 500) {
      ADD_FAILURE() << "it goes on and on";
      break;
    }
    if (values.original * values.compressed < 0) {
      looked.crossed = true;
      break;
    }
    crossing.observe({next->t, values});
  }
  return looked;
}

/// From above 0 to below it, with one root at 0.
double shape(int kind, double x) {
  switch (kind) {
    case 0:
      return -x;
    case 1:
      return -std::sinh(3 * x);
    case 2:
      return -std::tanh(4 * x);
    case 3:
      return -(x * x * x + 0.05 * x);
    case 4:
      return -x - 0.1 * std::sin(8 * x);
    case 5:
      return x < 0 ? -0.1 * x : -3 * x;  // bends at the boundary
    default:
      return 1 - std::exp(20 * x);  // far steeper beyond it: the high end alone tells nothing
  }
}
constexpr int kShapes = 7;

/// Two models that are nearly the same: roots up to `apart` from one another.
Function nearly_equal(Random& random, int kind, double apart) {
  const double root = random.uniform(0.1, 0.9), other = root + random.uniform(-apart, apart);
  const double size = std::exp(random.uniform(-2, 3)), ratio = random.uniform(0.8, 1.25);
  return [=](double t, int) {
    return Values{size * shape(kind, t - root), ratio * size * shape(kind, t - other)};
  };
}

TEST(Crossing, FindsAPointBetweenTwoNearlyEqualRoots) {
  Random random(7);
  int most = 0, in_all = 0, searches = 0;
  for (int kind = 0; kind < kShapes; ++kind) {
    for (int i = 0; i < 200; ++i) {
      const Function f = nearly_equal(random, kind, 0.02);
      Steps steps = no_steps();
      const Looked looked = look(f, steps);
      EXPECT_TRUE(looked.crossed) << "shape " << kind << ", path " << i;
      most = std::max(most, looked.queries);
      in_all += looked.queries;
      ++searches;
    }
  }
  EXPECT_LE(most, 25);
  EXPECT_LT(in_all / static_cast<double>(searches), 7);
}

TEST(Crossing, NeedsNoMoreForLongPathsThanForShortOnes) {
  Random random(8);
  for (int i = 0; i < 200; ++i) {
    const Function f = nearly_equal(random, i % kShapes, 0.01);
    Steps one = no_steps(), two = no_steps();
    const Looked shorter = look(f, one);
    const Looked longer = look([&](double t, int dither) { return f(t / 64, dither); }, two, 64);
    EXPECT_EQ(shorter.queries, longer.queries);
  }
}

TEST(Crossing, LooksAtTheGuessFirstButInside) {
  const Steps steps = no_steps();
  Crossing crossing({0, {1, 1}}, {1, {-1, -1}}, steps, 0.3);
  EXPECT_EQ(crossing.next()->t, 0.3);
  EXPECT_GT(Crossing({0, {1, 1}}, {1, {-1, -1}}, steps, -4).next()->t, 0);
  EXPECT_LT(Crossing({0, {1, 1}}, {1, {-1, -1}}, steps, 4).next()->t, 1);
  EXPECT_EQ(Crossing({0, {1, 1}}, {1, {-1, -1}}, steps, {}).next()->t, 0.5);
}

TEST(Crossing, KnowsTheNearestPointOnTheSideOfTheSeedInput) {
  const Steps steps = no_steps();
  Crossing crossing({0, {1, 1}}, {1, {-1, -1}}, steps, {});
  crossing.observe({0.5, {-0.5, -0.5}});
  EXPECT_EQ(crossing.low().t, 0);
  crossing.observe({0.25, {0.1, 0.2}});
  EXPECT_EQ(crossing.low().t, 0.25);
  const Look next = *crossing.next();
  EXPECT_GT(next.t, 0.25);
  EXPECT_LT(next.t, 0.5);
}

TEST(Crossing, EndsWhereBothModelsHaveOneRoot) {
  Random random(9);
  for (int kind = 0; kind < kShapes; ++kind) {
    const double root = random.uniform(0.1, 0.9);
    Steps steps = no_steps();
    const Looked looked = look(
        [&](double t, int) {
          return Values{shape(kind, t - root), 2 * shape(kind, t - root)};
        },
        steps);
    EXPECT_FALSE(looked.crossed);
    EXPECT_GT(looked.dithers, 0) << "neighbouring images have others beside them";
    EXPECT_LT(looked.queries, 100);
  }
}

/// The compressed model rounds to steps of `step`; each dither moves its rounding by up to a step,
/// and the original by next to nothing.
Function staircase(Random& random, double step) {
  const double root = random.uniform(0.2, 0.8), slope = std::exp(random.uniform(0, 3));
  std::vector<double> roundings, noises;
  for (int dither = 0; dither < 100; ++dither) {
    roundings.push_back(random.uniform(-0.5, 1.5));
    noises.push_back(0.01 * step * random.normal());
  }
  return [=](double t, int dither) {
    const auto i = static_cast<std::size_t>(dither);
    const double value = slope * (root - t);
    return Values{value + noises[i], step * std::floor(value / step + roundings[i])};
  };
}

TEST(Crossing, DithersWhereAModelMovesInSteps) {
  constexpr double step = 0.15;
  constexpr int paths = 300;
  for (const bool known : {true, false}) {
    Random random(10);
    int crossed = 0, dithered = 0, queries = 0;
    for (int i = 0; i < paths; ++i) {
      const Function f = staircase(random, step);
      Steps steps =
          known ? steps_of(random_scores(random), stepped_scores(random, step, 9)) : no_steps();
      const Looked looked = look(f, steps);
      crossed += looked.crossed;
      dithered += looked.dithers > 0;
      queries += looked.queries;
    }
    EXPECT_GT(crossed, 0.85 * paths) << known;
    EXPECT_GT(dithered, 0.3 * paths) << known;
    EXPECT_LT(queries, 12 * paths) << known;
  }
}

/// A staircase of known step 0.2 below an original that falls from 1 to -1: until the first tie, at
/// 0.5, where the original says `original`.
Crossing tied(const Steps& steps, double original) {
  Crossing crossing({0, {1, 1}}, {1, {-1, -1}}, steps, {});
  EXPECT_EQ(crossing.next()->t, 0.5);
  crossing.observe({0.5, {original, 0}});
  return crossing;
}

Steps known_steps() {
  const Scores stepped = softmax({0, 0.2, 0.6, 1.4, 3.0, 2.0});
  Random random(11);
  return steps_of(random_scores(random), stepped);
}

TEST(Crossing, LooksOnTheOtherSideOfTheRootWithADitherThatIsSure) {
  const Steps steps = known_steps();
  ASSERT_NEAR(steps.size(), 0.2, 1e-3);
  // The original falls by 2 a path: its root is at 0.51.
  Crossing crossing = tied(steps, 0.02);
  const Look dithered = *crossing.next();
  EXPECT_TRUE(dithered.new_dither);
  EXPECT_NEAR(dithered.t, 0.51, 0.01);

  // Both still say the label: past the root only the original will change its mind.
  crossing.observe({dithered.t, {0.01, 0.2}});
  const Look past = *crossing.next();
  EXPECT_FALSE(past.new_dither);
  EXPECT_GT(past.t, dithered.t + 0.01 / 2);
  EXPECT_LT(past.t, dithered.t + 0.1);

  // And from the other side before it, once for each dither.
  crossing.observe({past.t, {-0.01, -0.2}});
  const Look again = *crossing.next();
  EXPECT_TRUE(again.new_dither);
  crossing.observe({again.t, {-0.03, -0.2}});
  const Look before = *crossing.next();
  EXPECT_FALSE(before.new_dither);
  EXPECT_LT(before.t, again.t - 0.03 / 2);
}

TEST(Crossing, GivesUpAfterSomeDithers) {
  const Steps steps = known_steps();
  Crossing crossing = tied(steps, 0.02);
  int dithers = 0;
  while (const auto next = crossing.next()) {
    EXPECT_TRUE(next->new_dither);
    crossing.observe({next->t, {0.01, 0}});  // a tie, whatever the dither
    ASSERT_LT(++dithers, 50);
  }
  EXPECT_GE(dithers, 2);
}

// Models need not do what functions do.
TEST(Crossing, StaysInsideTheBracketAndEndsWhateverTheAnswers) {
  Random random(12);
  const auto value = [&random] {
    const int kind = random.integer(0, 9);
    return kind == 0 ? 0.0 : kind == 1 ? 1e-9 * random.normal() : 20 * random.normal();
  };
  const auto agreeing = [&] {
    Values values{value(), value()};
    if (values.original * values.compressed < 0) values.compressed = -values.compressed;
    return values;
  };
  int longest = 0;
  for (int i = 0; i < 3000; ++i) {
    Steps steps = i % 2 == 0 ? no_steps() : known_steps();
    int asked = 0;
    const Function f = [&](double, int) {
      const Values values = agreeing();
      if (++asked > 2) return values;
      const double side = asked == 1 ? 1 : -1;  // the ends of the bracket
      return Values{side * (std::abs(values.original) + 1e-3), side * std::abs(values.compressed)};
    };
    const double end = i % 3 == 0 ? 100 : 1;
    const Looked looked = look(f, steps, end);
    longest = std::max(longest, looked.queries);
  }
  EXPECT_LT(longest, 150);
}

}  // namespace
}  // namespace dflare
