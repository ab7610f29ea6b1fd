#include "dflare/strategy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "dflare/error.hpp"
#include "search/strategies/dflare/novelty.hpp"
#include "search/strategies/dflare/operator_choice.hpp"
#include "support/images.hpp"
#include "support/no_gradients.hpp"

namespace dflare {
namespace {

struct Pair {
  std::vector<float> original, compressed;
  Answer answer() const { return {{original.data(), 2}, {compressed.data(), 2}}; }
};

Pair agreeing(float original, float compressed) {
  return {{1 - original, original}, {1 - compressed, compressed}};
}

/// A set of one operator that adds `step` to the first pixel.
MutationSet stepper() {
  MutationSet set;
  set.add("step", [](const Image& image, Random&) {
    Image mutant = image.clone();
    ++mutant.at<unsigned char>(0, 0);
    return mutant;
  });
  return set;
}

Options of_dflare() {
  return Options().strategy("dflare");
}

Seed dark_seed() {
  return {"dark", Image::zeros(4, 4, CV_8UC1), std::nullopt};
}

/// Feeds a chain the given answers in turn and returns the first pixel of each mutant: how many
/// mutants were accepted before it, plus 1.
std::vector<int> first_pixels(const Options& options, const Pair& first,
                              const std::vector<Pair>& answers) {
  const auto strategy = make_strategy(options);
  const auto chain = strategy->start(dark_seed(), first.answer());
  std::vector<int> pixels;
  std::vector<Image> mutants;
  test::NoGradients gradients;
  for (const Pair& pair : answers) {
    mutants.clear();
    chain->propose(mutants, gradients);
    if (mutants.empty()) break;
    EXPECT_EQ(mutants.size(), 1U);
    pixels.push_back(mutants.front().at<unsigned char>(0, 0));
    chain->observe({pair.answer()});
  }
  return pixels;
}

TEST(DflareStrategy, ReferenceTakesAMutantWhoseDifferenceMovedOrWhoseStateIsNew) {
  const Options options = of_dflare().operators(stepper()).acceptance(Acceptance::reference);
  const Pair first = agreeing(0.90F, 0.80F);
  const std::vector<Pair> answers = {
      agreeing(0.9005F, 0.80F),  // moved by 0.0005 only: refused
      agreeing(0.88F, 0.80F),    // moved by 0.02: taken, though the difference shrank
      agreeing(0.08F,
               0.0F),  // 0.92 - 1.0: difference 0.08, not moved from 0.08, but a new state: taken
      agreeing(0.08F, 0.0F),  // neither: refused
      agreeing(0.08F, 0.0F)};
  EXPECT_EQ(first_pixels(options, first, answers), (std::vector<int>{1, 1, 2, 3, 3}));
}

TEST(DflareStrategy, PublishedTakesWhatIsNotBelowTheBest) {
  const Options options =
      of_dflare().operators(stepper()).acceptance(Acceptance::published).novelty(false);
  const std::vector<Pair> answers = {agreeing(0.90F, 0.85F),  // 0.05, below 0.1: refused
                                     agreeing(0.90F, 0.70F),  // 0.2: taken
                                     agreeing(0.90F, 0.75F),  // 0.15: refused
                                     agreeing(0.90F, 0.70F),  // 0.2, equal: taken
                                     agreeing(0.5F, 0.5F)};
  EXPECT_EQ(first_pixels(options, agreeing(0.9F, 0.8F), answers),
            (std::vector<int>{1, 1, 2, 2, 3}));
}

TEST(DflareStrategy, PublishedAddsOneForANewState) {
  const Options with = of_dflare().operators(stepper()).acceptance(Acceptance::published);
  // A far state with a negative difference: -0.1 + 1 = 0.9 beats 0.1; only with the state.
  const std::vector<Pair> answers = {agreeing(0.10F, 0.0F), agreeing(0.9F, 0.8F)};
  EXPECT_EQ(first_pixels(with, agreeing(0.9F, 0.8F), answers), (std::vector<int>{1, 2}));
  EXPECT_EQ(first_pixels(Options(with).novelty(false), agreeing(0.9F, 0.8F), answers),
            (std::vector<int>{1, 1}));
}

TEST(DflareStrategy, EndsAfterItsQueries) {
  const std::vector<Pair> answers(10, agreeing(0.9F, 0.8F));
  for (const char* name : {"dflare", "random"}) {
    const Options options = Options().strategy(name).operators(stepper()).queries(4);
    EXPECT_EQ(first_pixels(options, agreeing(0.9F, 0.8F), answers).size(), 4U) << name;
  }
}

TEST(DflareStrategy, HistoryHoldsTheAcceptedMutationsAndTheLast) {
  const Options options = of_dflare().operators(stepper());
  const auto strategy = make_strategy(options);
  const Pair first = agreeing(0.9F, 0.8F);
  const auto chain = strategy->start(dark_seed(), first.answer());
  const Pair taken = agreeing(0.75F, 0.8F);
  std::vector<Image> mutants;
  test::NoGradients gradients;
  chain->propose(mutants, gradients);
  chain->observe({taken.answer()});
  chain->propose(mutants, gradients);
  chain->observe({taken.answer()});  // refused: nothing moved
  chain->propose(mutants, gradients);
  EXPECT_EQ(chain->history(0).size(), 2U);
  EXPECT_EQ(chain->history(0).front().name, "step");
}

TEST(DflareStrategy, LeavesTheSeedImageAlone) {
  const Seed seed{"a", test::picture(8, 8, 1), std::nullopt};
  const Image before = seed.image.clone();
  test::NoGradients gradients;
  for (const char* name : {"dflare", "random"}) {
    const auto strategy = make_strategy(Options().strategy(name));
    const Pair first = agreeing(0.9F, 0.8F);
    const auto chain = strategy->start(seed, first.answer());
    for (int i = 0; i < 20; ++i) {
      std::vector<Image> mutants;
      chain->propose(mutants, gradients);
      const Pair moved = agreeing(0.9F - 0.01F * static_cast<float>(i), 0.8F);
      chain->observe({moved.answer()});
    }
    EXPECT_TRUE(same_pixels(seed.image, before)) << name;
  }
}

TEST(RandomStrategy, TakesEveryMutant) {
  const Options options = Options().strategy("random").operators(stepper());
  const std::vector<Pair> answers(4, agreeing(0.9F, 0.8F));
  EXPECT_EQ(first_pixels(options, agreeing(0.9F, 0.8F), answers), (std::vector<int>{1, 2, 3, 4}));
}

/// The mutants of so many queries, and whether they are transformations.
struct Proposed {
  std::vector<Image> mutants;
  std::vector<std::optional<Transformation>> transformations;
};

Proposed proposed(const Options& options, const Seed& seed) {
  const Pair first = agreeing(0.9F, 0.8F);
  const auto strategy = make_strategy(options);
  const auto chain = strategy->start(seed, first.answer());
  test::NoGradients gradients;
  Proposed all;
  for (std::vector<Image> mutants;; mutants.clear()) {
    chain->propose(mutants, gradients);
    if (mutants.empty()) return all;
    all.mutants.push_back(mutants.front().clone());
    all.transformations.push_back(chain->transformation(0));
    // Each answer is new, so that every mutant is taken.
    const Pair answer = agreeing(0.002F * static_cast<float>(all.mutants.size() % 400), 0.8F);
    chain->observe({answer.answer()});
  }
}

TEST(Strategies, KeepToTheConstraints) {
  const Seed seed{"a", test::picture(16, 16, 1), std::nullopt};
  for (const char* name : {"dflare", "random"}) {
    const Options free = Options().strategy(name).queries(50);
    const Options limited = Options(free).l_inf(12).changed_pixels(60);
    const auto allowed = [&](const Image& mutant) {
      return limited.constraints().allow(seed.image, mutant);
    };
    const auto all = proposed(free, seed).mutants, kept = proposed(limited, seed).mutants;
    EXPECT_FALSE(std::all_of(all.begin(), all.end(), allowed)) << name;
    EXPECT_EQ(kept.size(), 50U);
    EXPECT_TRUE(std::all_of(kept.begin(), kept.end(), allowed)) << name;
    EXPECT_FALSE(same_pixels(kept.back(), seed.image)) << name;
  }
}

TEST(RandomStrategy, DrawsTransformationsWithinTheRanges) {
  const Seed seed{"a", test::picture(20, 20, 1), std::nullopt};
  const Options options =
      Options().strategy("random").queries(200).rotate(10).translate_share(0.1).scale(1.2);
  const Proposed drawn = proposed(options, seed);
  ASSERT_EQ(drawn.mutants.size(), 200U);
  int left = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    ASSERT_TRUE(drawn.transformations[i]);
    const Transformation& t = *drawn.transformations[i];
    EXPECT_TRUE(same_pixels(t.apply(seed.image), drawn.mutants[i]));
    // All at once, each at 60 to 100 % of its range.
    const auto within = [](double value, double range) {
      return std::abs(value) >= 0.6 * range - 1e-12 && std::abs(value) <= range + 1e-12;
    };
    EXPECT_TRUE(within(t.rotate, 10)) << t.rotate;
    EXPECT_TRUE(within(t.right, 2)) << t.right;
    EXPECT_TRUE(within(t.down, 2)) << t.down;
    EXPECT_TRUE(within(std::log(t.scale), std::log(1.2))) << t.scale;
    EXPECT_EQ(t.shear, 0);
    EXPECT_EQ(t.contrast, 1);
    EXPECT_EQ(t.brightness, 0);
    left += t.right < 0;
  }
  EXPECT_NEAR(left, 100, 30);
  EXPECT_FALSE(proposed(Options().strategy("random").queries(1), seed).transformations[0])
      << "without ranges it mutates";
}

TEST(Strategies, DependOnRngSeedAndSeedIdAlone) {
  const auto first_mutant = [](const std::string& id, std::uint64_t rng_seed) {
    const auto strategy =
        make_strategy(of_dflare().rng_seed(rng_seed).operators(MutationSet::named("geometric")));
    const Pair first = agreeing(0.9F, 0.8F);
    const auto chain =
        strategy->start({id, test::picture(16, 16, 1), std::nullopt}, first.answer());
    std::vector<Image> mutants;
    test::NoGradients gradients;
    chain->propose(mutants, gradients);
    return mutants.front().clone();
  };
  EXPECT_TRUE(same_pixels(first_mutant("17", 1), first_mutant("17", 1)));
  EXPECT_FALSE(same_pixels(first_mutant("17", 1), first_mutant("18", 1)));
  EXPECT_FALSE(same_pixels(first_mutant("17", 1), first_mutant("17", 2)));
}

TEST(NoveltyStates, KeepsWhatIsFartherThanTheThreshold) {
  NoveltyStates states;
  EXPECT_TRUE(states.add_if_new(agreeing(0, 0).answer()));
  EXPECT_FALSE(states.add_if_new(agreeing(0.5F, 0).answer()));     // squared distance exactly 0.5
  EXPECT_TRUE(states.add_if_new(agreeing(0.51F, 0).answer()));     // 0.52
  EXPECT_FALSE(states.add_if_new(agreeing(0.3F, 0.1F).answer()));  // near both
  EXPECT_TRUE(states.add_if_new(agreeing(0, 1).answer()));
  EXPECT_FALSE(states.add_if_new(agreeing(0, 0).answer()));  // the earliest is still known
}

TEST(OperatorChoice, PrefersTheOperatorsThatSucceed) {
  Random random(1);
  OperatorChoice choice(7, true);
  std::map<std::size_t, int> used;
  for (int i = 0; i < 7000; ++i) {
    const std::size_t op = choice.next(random);
    ++used[op];
    choice.record(op == 3);
  }
  // A refused operator is followed by another proposal until one is taken, which evens out the
  // shares (6/7)^rank of a plain Metropolis-Hastings chain: 0.173 for the first of seven, 0.104 for
  // the last. The rest are tied at rate 0.
  EXPECT_NEAR(used[3] / 7000.0, 0.173, 0.015);
  for (std::size_t op = 0; op < 7; ++op) EXPECT_GT(used[op], 7000 * 0.05) << op;
}

/// The share of `op` among 20,000 choices, `successes[i]` being operator i's success rate.
double share_of(std::size_t op, const std::vector<double>& successes) {
  Random random(1);
  OperatorChoice choice(successes.size(), true);
  int used = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::size_t chosen = choice.next(random);
    used += chosen == op;
    choice.record(random.uniform() < successes[chosen]);
  }
  return used / 20000.0;
}

TEST(OperatorChoice, RanksByRateWhateverTheOrderOfTheOperators) {
  EXPECT_NEAR(share_of(2, {0.1, 0.4, 0.9, 0.7}), share_of(0, {0.9, 0.7, 0.4, 0.1}), 0.02);
  EXPECT_NEAR(share_of(0, {0.1, 0.4, 0.9, 0.7}), share_of(3, {0.9, 0.7, 0.4, 0.1}), 0.02);
  EXPECT_GT(share_of(2, {0.1, 0.4, 0.9, 0.7}), share_of(0, {0.1, 0.4, 0.9, 0.7}) + 0.1);
}

TEST(OperatorChoice, IsUniformInTheAblation) {
  Random random(1);
  OperatorChoice choice(7, false);
  std::map<std::size_t, int> used;
  for (int i = 0; i < 7000; ++i) {
    const std::size_t op = choice.next(random);
    ++used[op];
    choice.record(op == 3);
  }
  for (std::size_t op = 0; op < 7; ++op) EXPECT_NEAR(used[op], 1000, 120) << op;
}

TEST(StrategyRegistry, TakesOwnStrategiesByName) {
  register_strategy("own", [](const Options& options) {
    return make_strategy(Options(options).strategy("random"));
  });
  EXPECT_NE(make_strategy(Options().strategy("own")), nullptr);
  EXPECT_NO_THROW(Options().strategy("own").check());
  EXPECT_THROW(register_strategy("own", [](const Options&) { return nullptr; }), ConfigError);
  EXPECT_THROW(register_strategy("", [](const Options&) { return nullptr; }), ConfigError);
  EXPECT_THROW(register_strategy("empty", nullptr), ConfigError);
}

TEST(StrategyRegistry, NamesTheNearestStrategy) {
  try {
    make_strategy(Options().strategy("randm"));
    FAIL() << "nothing thrown";
  } catch (const ConfigError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean 'random'"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace dflare
