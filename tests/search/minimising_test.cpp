// What the engine does with a minimiser, whatever that one tries.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "search/linear_model.hpp"
#include "search/scripted.hpp"
#include "search/searching.hpp"

namespace dflare {
namespace {

using test::essence;
using test::FakeModel;
using test::flat_seeds;
using test::flats;
using test::LinearModel;
using test::MarginPair;
using test::pictures;
using test::Recorder;
using test::scripted;

struct Searched {
  SearchResult result;
  Recorder recorder;

  const SeedResult& seed() const { return result.seeds[0]; }
  const Deviation& found() const { return recorder.deviations.at(0); }
};

double level_of(const Image& image) {
  return cv::mean(image)[0];
}

/// The margin is so many hundredths as the mean is beyond 100.
double by_mean(const Image& image, std::size_t, std::size_t) {
  return std::clamp(level_of(image) / 100 - 1, 0.0, 1.0);
}

Searched run(const Options& options, MarginPair pair = MarginPair(by_mean),
             const SeedSet& seeds = flat_seeds({50})) {
  Searched searched;
  searched.result = search(pair.original, pair.compressed, seeds, options, &searched.recorder);
  return searched;
}

/// The mutant found is 90 levels brighter than the seed image, and 40 than it need be.
Options minimising() {
  return scripted(flats({60, 140})).minimise(true).minimise_queries(60);
}

TEST(Minimising, TakesFindingsTowardsTheirSeedInputs) {
  const Searched before = run(minimising().minimise(false)), after = run(minimising());
  EXPECT_EQ(before.seed().distances.l2, 6 * 90);
  EXPECT_LT(after.seed().distances.l2, before.seed().distances.l2);
  EXPECT_EQ(after.found().distances.l2, after.seed().distances.l2);
  EXPECT_EQ(after.seed().outcome, Outcome::found);
  EXPECT_GT(after.seed().margin, 0);
  EXPECT_LT(after.seed().margin, before.seed().margin);
}

TEST(Minimising, FindsTheNearEdgeOnTheLine) {
  // Only the compressed model changes its mind, at 101: 51 levels from the seed image.
  const Searched changed = run(minimising().minimise_queries(12));
  EXPECT_LE(changed.seed().distances.l2, 6 * 51 * 1.03);
  // The original changes its mind at 128, the compressed model at 153.
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  const SearchResult between =
      search(original, compressed, flat_seeds({50}),
             scripted(flats({60, 145})).minimise(true).minimise_queries(12));
  EXPECT_LE(between.seeds[0].distances.l2, 6 * 78 * 1.03);
}

TEST(Minimising, IsCountedApartFromQueries) {
  const Searched searched = run(minimising());
  EXPECT_EQ(searched.result.counts.queries, 2U);
  EXPECT_EQ(searched.seed().queries, 2);
  EXPECT_EQ(searched.seed().paths, 2);
  EXPECT_EQ(searched.found().queries, 2);
  EXPECT_EQ(searched.found().paths, 2);
  EXPECT_EQ(searched.found().history[0].strength, 1) << "how the finding was made stays known";
  EXPECT_GT(searched.result.counts.minimising, 3U);
  EXPECT_LE(searched.result.counts.minimising, 60U);
  EXPECT_EQ(run(minimising().minimise_queries(3)).result.counts.minimising, 3U);
  EXPECT_EQ(run(minimising().minimise(false)).result.counts.minimising, 0U);
}

TEST(Minimising, KeepsTheCriterionAndTheConstraints) {
  const Searched clear = run(minimising().margin(0.25));
  EXPECT_GE(level_of(clear.found().mutant), 125 - 1e-3);
  EXPECT_LT(level_of(clear.found().mutant), 140);
  EXPECT_GE(clear.seed().margin, 0.25 - 1e-6);
  const Searched constrained = run(minimising().l_inf(95));
  EXPECT_LE(constrained.seed().distances.l_inf, 95);
}

TEST(Minimising, LeavesSeedsAloneThatDeviateAsTheyAre) {
  const Searched searched = run(minimising(), MarginPair(by_mean), flat_seeds({115}));
  EXPECT_EQ(searched.seed().outcome, Outcome::as_it_is);
  EXPECT_EQ(searched.result.counts.minimising, 0U);
}

TEST(Minimising, KeepsOnlyWhatIsConfirmedAlone) {
  // Below 140 nothing deviates alone.
  const MarginPair pair([](const Image& image, std::size_t place, std::size_t batch_size) {
    const bool refuted = level_of(image) != 140 && batch_size == 1;
    return refuted ? 0.0 : by_mean(image, place, batch_size);
  });
  const Searched searched = run(minimising(), pair, flat_seeds({50, 50}));
  EXPECT_EQ(level_of(searched.found().mutant), 140);
  EXPECT_GT(searched.result.counts.refuted, 2U);
  EXPECT_EQ(searched.result.counts.confirmations, searched.result.counts.refuted + 2);
}

TEST(Minimising, AModelThatFailsMeanwhileIsAnErrorAndTheFindingIsHandedOver) {
  const MarginPair pair([](const Image& image, std::size_t place, std::size_t batch_size) {
    const double level = level_of(image);
    if (level > 60 && level != 140) throw ModelError("no such level");
    return by_mean(image, place, batch_size);
  });
  const Searched searched = run(minimising(), pair);
  EXPECT_EQ(searched.seed().outcome, Outcome::error);
  EXPECT_THAT(*searched.seed().why, testing::HasSubstr("no such level"));
  EXPECT_EQ(searched.seed().paths, 2);
  EXPECT_EQ(level_of(searched.found().mutant), 140);
  EXPECT_EQ(searched.recorder.failures.size(), 1U);
}

TEST(Minimising, AStopMeanwhileKeepsTheNearestSoFar) {
  StopSignal stop;
  int rounds = 0;
  const Searched searched = run(minimising().stop(stop).on_progress([&](const Progress&) {
    if (++rounds == 6) stop.request();
  }));
  EXPECT_EQ(searched.seed().outcome, Outcome::found);
  EXPECT_FALSE(searched.seed().cut_short) << "its search had ended";
  EXPECT_EQ(searched.result.counts.minimising, 3U);
  EXPECT_LE(searched.seed().distances.l2, 6 * 90);
}

TEST(Minimising, NeedsNoneOfTheBudgetOfQueries) {
  const Options options =
      scripted(flats({140})).minimise(true).objective(Objective::closest).queries_in_all(2);
  const Searched searched = run(options, MarginPair(by_mean), flat_seeds({50, 50}));
  EXPECT_EQ(searched.result.counts.queries, 2U);
  EXPECT_EQ(searched.result.count(Outcome::found), 2U);
  EXPECT_GT(searched.result.counts.minimising, 3U);
  for (const SeedResult& seed : searched.result.seeds) {
    EXPECT_LT(seed.distances.l2, 6 * 90);
    EXPECT_FALSE(seed.cut_short);
  }
}

struct LinearPair {
  explicit LinearPair(float place_noise = 0)
      : original(8, 1, {4, 0, false, place_noise}),
        compressed(8, 1, {4, 0.05, false, 2 * place_noise}) {}

  LinearModel original, compressed;
};

Searched run(LinearPair pair, const Options& options) {
  Searched searched;
  searched.result =
      search(pair.original, pair.compressed, pictures(20), options, &searched.recorder);
  return searched;
}

TEST(Minimising, NeverTakesAFindingFartherAway) {
  for (const char* strategy : {"boundary", "dflare", "random"}) {
    const Options plain = Options().strategy(strategy).workers(1).queries(150).batch(4);
    const Searched before = run(LinearPair(), plain);
    const Searched after = run(LinearPair(), Options(plain).minimise(true).minimise_queries(40));
    EXPECT_GT(before.result.count(Outcome::found), 5U) << strategy;
    EXPECT_EQ(after.result.counts.queries, before.result.counts.queries);
    int nearer = 0;
    for (const auto& [position, found] : after.recorder.deviations) {
      const Deviation& first = before.recorder.deviations.at(position);
      EXPECT_LE(found.distances.l2, first.distances.l2);
      const bool changed = !same_pixels(found.mutant, first.mutant);
      EXPECT_EQ(found.distances.l2 < first.distances.l2, changed);
      EXPECT_EQ(found.transformation.has_value(), first.transformation && !changed)
          << "what was taken on is no transformation any more";
      LinearPair pair;
      const Scores original = pair.original.predict(found.mutant),
                   compressed = pair.compressed.predict(found.mutant);
      EXPECT_TRUE(deviates({{original.row(0), 4}, {compressed.row(0), 4}}));
      nearer += changed;
    }
    EXPECT_GT(nearer, 3) << strategy;
  }
}

TEST(Minimising, GivesTheSameFindingsWhateverTheWorkers) {
  const Options options =
      Options().queries(100).minimise(true).minimise_queries(30).batch(3).block(9);
  const Searched one = run(LinearPair(0.002F), Options(options).workers(1));
  const Searched three = run(LinearPair(0.002F), Options(options).workers(3));
  EXPECT_EQ(essence(one.result, one.recorder), essence(three.result, three.recorder));
  EXPECT_EQ(one.result.counts.minimising, three.result.counts.minimising);
}

}  // namespace
}  // namespace dflare
