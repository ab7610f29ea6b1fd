#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "dflare/error.hpp"
#include "dflare/search.hpp"
#include "mutation/extents.hpp"
#include "search/linear_model.hpp"
#include "search/searching.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::essence;
using test::FakeModel;
using test::flat_seeds;
using test::LinearModel;
using test::message_of;
using test::outcomes;
using test::pictures;
using test::Recorder;

constexpr PathKind kKinds[] = {PathKind::transform, PathKind::blend, PathKind::gradient,
                               PathKind::mutation};
const char* name_of(PathKind kind) {
  const char* const names[] = {"automatic", "transform", "blend", "gradient", "mutation"};
  return names[static_cast<int>(kind)];
}

struct Pair {
  explicit Pair(bool gradients = true, double perturbation = 0.02, float place_noise = 0)
      : original(8, 1, {4, 0, gradients, place_noise}),
        compressed(8, 1, {4, perturbation, false, 2 * place_noise}) {}

  LinearModel original, compressed;
};

struct Searched {
  SearchResult result;
  Recorder recorder;

  /// Of the seed inputs found by search.
  std::vector<Deviation> found() const {
    std::vector<Deviation> all;
    for (const auto& entry : recorder.deviations) {
      if (!entry.second.as_it_is) all.push_back(entry.second);
    }
    return all;
  }
};

Searched run(Pair& pair, const SeedSet& seeds, const Options& options,
             const std::vector<std::size_t>& blocks = {}) {
  Searched run;
  run.result = search(pair.original, pair.compressed, seeds, options, &run.recorder, blocks);
  return run;
}

Options along(PathKind kind) {
  return Options().strategy("boundary").path(kind).queries(200).workers(1);
}

TEST(Boundary, IsTheDefaultStrategy) {
  EXPECT_EQ(Options().strategy(), "boundary");
  EXPECT_EQ(Options().path(), PathKind::automatic);
}

TEST(Boundary, EachKindOfPathFindsEverySeed) {
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    Pair pair;
    const Searched searched = run(pair, pictures(40), along(kind));
    const std::size_t as_it_is = searched.result.count(Outcome::as_it_is);
    EXPECT_LT(as_it_is, 8U);
    EXPECT_EQ(searched.result.count(Outcome::found), 40 - as_it_is);
    for (const Deviation& found : searched.found()) {
      EXPECT_GT(found.queries, 0);
      EXPECT_GT(found.paths, 0);
      EXPECT_FALSE(same_pixels(found.mutant, found.seed.image));
      const Scores original = pair.original.predict(found.mutant),
                   compressed = pair.compressed.predict(found.mutant);
      EXPECT_TRUE(deviates({{original.row(0), 4}, {compressed.row(0), 4}}));
    }
    // Random draws alone would need hundreds.
    EXPECT_LT(searched.result.counts.queries, 40U * 20);
  }
}

TEST(Boundary, SaysHowEachMutantWasMade) {
  Pair pair;
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    const Searched searched = run(pair, pictures(20), along(kind));
    EXPECT_GT(searched.found().size(), 5U);
    for (const Deviation& found : searched.found()) {
      EXPECT_EQ(found.transformation.has_value(), kind == PathKind::transform);
      EXPECT_EQ(found.history.empty(), kind == PathKind::transform);
      if (kind == PathKind::blend) {
        EXPECT_EQ(found.history[0].name, "blend");
      }
      if (kind == PathKind::gradient) {
        EXPECT_EQ(found.history[0].name, "gradient_step");
      }
    }
  }
}

TEST(Boundary, HistoryOfAMutationPathBeginsWithWhatWasKept) {
  Pair pair;
  const Searched searched = run(pair, pictures(20), along(PathKind::mutation));
  // The part of a path on which the boundary was is towards the last of several mutations.
  EXPECT_GT(searched.found().size(), 5U);
  for (const Deviation& found : searched.found())
    EXPECT_NE(found.history.front().name, "towards_mutant") << "of what?";
}

/// The kind of path that automatic takes, by how its findings were made.
PathKind chosen(bool gradients, const Options& options) {
  Pair pair(gradients);
  const Searched searched = run(pair, pictures(12), options);
  const auto found = searched.found();
  EXPECT_FALSE(found.empty());
  if (found.empty()) return PathKind::automatic;
  return found[0].transformation ? PathKind::transform : PathKind::gradient;
}

TEST(Boundary, AutomaticFollowsGradientsWhereThereAreAnyAndNoRanges) {
  const Options automatic = along(PathKind::automatic);
  EXPECT_EQ(chosen(true, automatic), PathKind::gradient);
  EXPECT_EQ(chosen(false, automatic), PathKind::transform);
  EXPECT_EQ(chosen(true, Options(automatic).rotate(90).translate(4)), PathKind::transform);
}

TEST(Boundary, TransformationsMakeTheirMutantsAgain) {
  for (const int channels : {1, 3}) {
    LinearModel original(8, channels, {4, 0}), compressed(8, channels, {4, 0.02});
    std::vector<Image> images;
    for (int i = 0; i < 20; ++i) images.push_back(test::picture(8, 8, channels, i));
    Recorder recorder;
    search(original, compressed, SeedSet::images(images), along(PathKind::transform), &recorder);
    std::set<std::uint32_t> keys;
    EXPECT_GT(recorder.deviations.size(), 15U);
    for (const auto& [position, found] : recorder.deviations) {
      if (found.as_it_is) continue;
      ASSERT_TRUE(found.transformation);
      EXPECT_TRUE(same_pixels(found.transformation->apply(found.seed.image), found.mutant));
      EXPECT_NE(found.transformation->dither, 0U);
      keys.insert(found.transformation->dither);
    }
    EXPECT_GT(keys.size(), 10U) << "each path has a dither of its own";
  }
}

TEST(Boundary, KeepsToTheRangesGiven) {
  Pair pair;
  const Options options = along(PathKind::transform).rotate(20).translate(1.5).contrast(1.3);
  const auto searched = run(pair, pictures(40), options);
  EXPECT_GT(searched.found().size(), 5U);
  for (const Deviation& found : searched.found()) {
    const Transformation& t = *found.transformation;
    EXPECT_LE(std::abs(t.rotate), 20);
    EXPECT_LE(std::abs(t.right), 1.5);
    EXPECT_LE(std::abs(t.down), 1.5);
    EXPECT_LE(std::abs(std::log(t.contrast)), std::log(1.3));
    EXPECT_EQ(t.scale, 1);
    EXPECT_EQ(t.shear, 0);
    EXPECT_EQ(t.brightness, 0);
  }
}

TEST(Boundary, WithoutACrossingInTheRangesTheSeedIsNotFound) {
  // Turning a flat image changes nothing.
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  const SearchResult result = search(original, compressed, flat_seeds({100, 200}),
                                     along(PathKind::transform).rotate(30).queries(25));
  EXPECT_EQ(result.count(Outcome::not_found), 2U);
  for (const SeedResult& seed : result.seeds) {
    EXPECT_EQ(seed.queries, 25);
    EXPECT_EQ(seed.paths, 25);
  }
}

TEST(Boundary, OfEqualModelsFindsNothingAndEndsAfterItsQueries) {
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    Pair pair(true, 0);
    const Searched searched = run(pair, pictures(10), along(kind).queries(60));
    EXPECT_EQ(searched.result.count(Outcome::not_found), 10U);
    for (const SeedResult& seed : searched.result.seeds) {
      EXPECT_LE(seed.queries, 60);
      EXPECT_GT(seed.queries, 10);
      EXPECT_GT(seed.paths, 0);
    }
  }
}

TEST(Boundary, KeepsToTheConstraintsOnEveryKindOfPath) {
  const auto constrained = [](Options options) { return options.l_inf(60).l2(300).ssim(0.3); };
  const Constraints constraints = constrained(Options()).constraints();
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    Pair pair;
    const auto allowed = [&](const Deviation& found) {
      return constraints.allow(found.seed.image, found.mutant);
    };
    const Searched free = run(pair, pictures(40), along(kind));
    const Searched kept = run(pair, pictures(40), constrained(along(kind)));
    if (kind != PathKind::gradient) {  // whose steps are small
      const auto all = free.found();
      EXPECT_FALSE(std::all_of(all.begin(), all.end(), allowed));
    }
    EXPECT_GT(kept.found().size(), 5U);
    for (const Deviation& found : kept.found()) EXPECT_TRUE(allowed(found));
  }
}

TEST(Boundary, AsksForNothingThatTheConstraintsRefuse) {
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    const Options options = along(kind).l_inf(60).l2(300).queries(60).block(1);
    const SeedSet seeds = pictures(20);
    std::size_t asked_in_all = 0, refused = 0;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      std::vector<Image> asked;
      LinearModel original(8, 1, {4, 0, true, 0, "", &asked}), compressed(8, 1, {4, 0.02});
      const SearchResult result = search(original, compressed, seeds, options, nullptr, {i});
      const Image seed = seeds.load(i).image;
      asked.erase(asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(result.counts.sample));
      asked_in_all += asked.size();
      refused += static_cast<std::size_t>(std::count_if(
          asked.begin(), asked.end(),
          [&](const Image& image) { return !options.constraints().allow(seed, image); }));
    }
    EXPECT_GT(asked_in_all, 80U);
    EXPECT_LT(refused, asked_in_all / 50) << "of " << asked_in_all;
  }
}

TEST(Boundary, GradientPathsNeedGradients) {
  Pair pair(false);
  EXPECT_EQ(message_of<ConfigError>([&] { run(pair, pictures(2), along(PathKind::gradient)); }),
            "the original 'linear' has no gradients, which option path: gradient needs; use path: "
            "transform or blend, which need none");
}

TEST(Boundary, AGradientThatFailsIsAnErrorOfItsSeed) {
  LinearModel original(8, 1, {4, 0, true, 0, "out of memory"}), compressed(8, 1, {4, 0.02});
  Recorder recorder;
  const SearchResult result =
      search(original, compressed, pictures(3), along(PathKind::gradient), &recorder);
  EXPECT_EQ(result.count(Outcome::error) + result.count(Outcome::as_it_is), 3U);
  ASSERT_FALSE(recorder.failures.empty());
  const Failure& failure = recorder.failures.begin()->second;
  EXPECT_THAT(failure.message, testing::HasSubstr("out of memory"));
  EXPECT_THAT(failure.message, testing::HasSubstr("linear"));
  EXPECT_EQ(result.seeds[failure.position].gradients, 1);
}

TEST(Boundary, CountsGradientsApartFromQueries) {
  Pair pair;
  const Searched searched = run(pair, pictures(30), along(PathKind::gradient));
  std::uint64_t gradients = 0, queries = 0;
  for (const SeedResult& seed : searched.result.seeds) {
    gradients += static_cast<std::uint64_t>(seed.gradients);
    queries += static_cast<std::uint64_t>(seed.queries);
    EXPECT_EQ(seed.gradients > 0, seed.outcome != Outcome::as_it_is);
  }
  EXPECT_EQ(searched.result.counts.gradients, gradients);
  EXPECT_EQ(searched.result.counts.queries, queries);
  EXPECT_GE(gradients, searched.found().size());
  for (const Deviation& found : searched.found()) {
    EXPECT_EQ(found.gradients, searched.result.seeds[found.position].gradients);
    EXPECT_EQ(found.paths, found.gradients) << "each path begins with one";
  }
  EXPECT_EQ(run(pair, pictures(5), along(PathKind::transform)).result.counts.gradients, 0U);
}

TEST(Boundary, BlendOfSeedsOfOneLabelFallsBackToTransformations) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.55));
  Recorder recorder;
  const SearchResult result =
      search(original, compressed, flat_seeds({90, 100, 110}), along(PathKind::blend), &recorder);
  EXPECT_EQ(result.count(Outcome::found), 3U);
  for (const auto& [position, found] : recorder.deviations) {
    ASSERT_TRUE(found.transformation);
    EXPECT_TRUE(same_pixels(found.transformation->apply(found.seed.image), found.mutant));
    EXPECT_GT(found.paths, 0);
  }
  EXPECT_EQ(result.counts.sample, 3U);
}

TEST(Boundary, TheSampleIsBoundedAndTheSameForEveryShard) {
  Pair pair;
  const SeedSet seeds = pictures(330);
  const Options options = along(PathKind::blend).block(11).batch(8);
  std::vector<std::size_t> few = {0, 4};
  const Searched both = run(pair, seeds, options, few);
  const Searched first = run(pair, seeds, options, {0}), second = run(pair, seeds, options, {4});
  for (const Searched* searched : {&both, &first, &second})
    EXPECT_EQ(searched->result.counts.sample, 300U);
  EXPECT_EQ(both.result.counts.first_looks, 22U) << "which are counted apart";
  auto apart = essence(first.result, first.recorder);
  const auto more = essence(second.result, second.recorder);
  apart.insert(apart.end(), more.begin(), more.end());
  EXPECT_EQ(essence(both.result, both.recorder), apart);
  EXPECT_EQ(run(pair, pictures(7), options).result.counts.sample, 7U);
  EXPECT_EQ(run(pair, seeds, along(PathKind::transform).block(11), {0}).result.counts.sample, 0U);
}

TEST(Boundary, BlendsTowardsTheNearestSeedOfAnotherLabel) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.51));
  Recorder recorder;
  // 128 to 130 are between the boundaries: on the way from 110 to 140, 60 to 67 % of it.
  const SearchResult result = search(original, compressed, flat_seeds({110, 250, 140, 200}),
                                     along(PathKind::blend), &recorder);
  ASSERT_EQ(result.seeds[0].outcome, Outcome::found);
  const Deviation& found = recorder.deviations.at(0);
  EXPECT_NEAR(found.history[0].strength, 63, 8);
  EXPECT_EQ(found.history[0].unit, "%");
  EXPECT_EQ(found.paths, 1);
}

TEST(Boundary, SameFindingsWhateverTheWorkersAndBlocksApart) {
  const SeedSet seeds = pictures(33);
  for (const PathKind kind : kKinds) {
    SCOPED_TRACE(name_of(kind));
    Pair pair(true, 0.05, 0.002F);
    const Options options = along(kind).queries(80).batch(3).block(12);
    const Searched one = run(pair, seeds, options);
    const auto expected = essence(one.result, one.recorder);
    EXPECT_GT(one.found().size(), 20U);

    const Searched three = run(pair, seeds, Options(options).workers(3));
    EXPECT_EQ(three.result.workers, 3);
    EXPECT_EQ(essence(three.result, three.recorder), expected);

    std::vector<std::string> apart;
    for (const std::size_t block : {0, 1, 2}) {
      const Searched part = run(pair, seeds, options, {block});
      for (const std::string& line : essence(part.result, part.recorder)) apart.push_back(line);
    }
    EXPECT_EQ(apart, expected);
    const Searched other = run(pair, seeds, Options(options).rng_seed(2));
    EXPECT_NE(essence(other.result, other.recorder), expected);
  }
}

/// The mean of the seeds' regrets after a search for the worst along one kind of path.
double worst_regret(const Options& options) {
  Pair pair(true, 0.1);
  const Searched searched = run(pair, pictures(40), Options(options).objective(Objective::worst));
  double sum = 0;
  for (const SeedResult& seed : searched.result.seeds) sum += seed.regret;
  return sum / 40;
}

TEST(Boundary, WorstFindsALargerRegretThanTheFirstDeviationHasAndThanByMargin) {
  const Options options = along(PathKind::blend).queries(60);
  Pair pair(true, 0.1);
  double first = 0;
  for (const SeedResult& seed : run(pair, pictures(40), options).result.seeds) first += seed.regret;
  const double worst = worst_regret(options);
  EXPECT_GT(worst, 2 * first / 40);
  EXPECT_GT(worst, worst_regret(Options(options).margin(1e-6)));
}

TEST(Boundary, WorstLooksNextToTheCompressedModelsRoot) {
  // The original says 'bright' from 0.5 on, the compressed model from 0.4 on. In between the regret
  // is largest at 0.4: twice 2 * 0.1.
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.4));
  // On paths alone.
  const SearchResult result = search(original, compressed, flat_seeds({40, 50, 220, 230}),
                                     along(PathKind::blend).objective(Objective::worst).queries(8));
  for (const std::size_t i : {0, 1, 2, 3}) {
    EXPECT_EQ(result.seeds[i].outcome, Outcome::found);
    EXPECT_GT(result.seeds[i].regret, 0.34);
    EXPECT_LE(result.seeds[i].regret, 0.4 + 1e-6);
  }
}

TEST(Boundary, WorstFindsItWhateverTheScaleOfTheCompressedModelsScores) {
  double flat_regret = 0, steep_regret = 0;
  for (const double steepness : {0.05, 2.0}) {
    FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.4, steepness));
    const SearchResult result =
        search(original, compressed, flat_seeds({40, 50, 220, 230}),
               along(PathKind::blend).objective(Objective::worst).queries(30));
    double& sum = steepness < 1 ? flat_regret : steep_regret;
    for (const SeedResult& seed : result.seeds) sum += seed.regret;
  }
  EXPECT_GT(flat_regret, 0.9 * steep_regret);
  EXPECT_GT(flat_regret, 4 * 0.3);
}

TEST(Boundary, ClosestEndsOnTiesThatCountToo) {
  // Dead on bright images: a tie of both classes, of which the original is sure.
  FakeModel original(test::brightness(0.2)),
      compressed([](const Image&image, std::size_t a, std::size_t b) {
        return test::mean_pixel(image) > 0.6 ? std::vector<float>{0.5F, 0.5F}
                                             : test::brightness(0.2)(image, a, b);
      });
  const SearchResult result =
      search(original, compressed, flat_seeds({140}),
             along(PathKind::transform).objective(Objective::closest).queries(100));
  ASSERT_EQ(result.seeds[0].outcome, Outcome::found);
  EXPECT_GT(result.seeds[0].regret, 0.2);
  EXPECT_EQ(result.seeds[0].margin, 0);
  // The nearest is 13 grey levels brighter.
  EXPECT_LT(result.seeds[0].closeness, 6 * 13 * 1.5);
}

TEST(Boundary, ClosestGoesOnAndComesNearer) {
  Pair pair;
  const Options first = along(PathKind::transform).queries(80);
  const Searched any = run(pair, pictures(20), first);
  for (const Distance by : {Distance::l2, Distance::l_inf, Distance::strength}) {
    const Searched closest =
        run(pair, pictures(20), Options(first).objective(Objective::closest).closest_by(by));
    int nearer = 0;
    for (const Deviation& found : closest.found()) {
      const SeedResult& seed = closest.result.seeds[found.position];
      EXPECT_LE(seed.queries, 80);
      EXPECT_FALSE(seed.cut_short);
      const Deviation& before = any.recorder.deviations.at(found.position);
      const auto distance = [by](const Deviation& d) {
        return by == Distance::l2      ? d.distances.l2
               : by == Distance::l_inf ? d.distances.l_inf
                                       : Extents({}, {8, 8}).strength(*d.transformation);
      };
      EXPECT_NEAR(seed.closeness, distance(found), 1e-9);
      EXPECT_LE(distance(found), distance(before)) << "the first one is among those seen";
      nearer += distance(found) < distance(before);
    }
    EXPECT_GT(nearer, 8);
  }
}

}  // namespace
}  // namespace dflare
