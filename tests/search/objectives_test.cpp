// What a search is after: objectives, criteria and constraints, as the engine keeps to them
// whatever the strategy.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <opencv2/core.hpp>

#include "dflare/error.hpp"
#include "search/scripted.hpp"
#include "search/searching.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using test::flat;
using test::flat_seeds;
using test::flats;
using test::MarginPair;
using test::message_of;
using test::outcomes;
using test::Recorder;
using test::scripted;

struct Searched {
  SearchResult result;
  Recorder recorder;

  const SeedResult& seed() const { return result.seeds[0]; }
  const Deviation& found() const { return recorder.deviations.at(0); }
  int level() const { return found().mutant.at<unsigned char>(0, 0); }
};

struct FakePair {
  test::FakeModel original, compressed;
};

Searched run(const Options& options, MarginPair pair = MarginPair(),
             const SeedSet& seeds = flat_seeds({50})) {
  Searched run;
  run.result = search(pair.original, pair.compressed, seeds, options, &run.recorder);
  return run;
}

// Margins: none, 0.1, 0.3, 0.2, 0.4, 0.05.
const std::vector<int> kLevels = {60, 110, 130, 120, 140, 105};

Options worst(const std::vector<int>& levels = kLevels, std::size_t at_once = 1) {
  return scripted(flats(levels), at_once).objective(Objective::worst);
}

// --- objectives
// -----------------------------------------------------------------------------------

TEST(Objective, FirstEndsAtTheFirstDeviation) {
  const Searched searched = run(scripted(flats(kLevels)));
  EXPECT_EQ(searched.seed().outcome, Outcome::found);
  EXPECT_EQ(searched.level(), 110);
  EXPECT_EQ(searched.seed().queries, 2);
  EXPECT_EQ(searched.seed().paths, 2);
  EXPECT_EQ(searched.result.counts.confirmations, 1U);
  EXPECT_FALSE(searched.seed().cut_short);
}

TEST(Objective, WorstGoesOnToTheEndAndKeepsTheLargestRegret) {
  const Searched searched = run(worst());
  EXPECT_EQ(searched.seed().outcome, Outcome::found);
  EXPECT_EQ(searched.level(), 140);
  EXPECT_NEAR(searched.seed().regret, 0.4, 1e-6);
  EXPECT_EQ(searched.found().regret, searched.seed().regret);
  EXPECT_NEAR(searched.seed().margin, 0.4, 1e-6);
  EXPECT_EQ(searched.seed().queries, 6);
  EXPECT_EQ(searched.seed().paths, 6);
  EXPECT_FALSE(searched.seed().cut_short);
  // How it was made, and what had been asked until then.
  EXPECT_EQ(searched.found().queries, 5);
  EXPECT_EQ(searched.found().paths, 5);
  EXPECT_EQ(searched.found().history[0].strength, 4);
  EXPECT_EQ(searched.recorder.deviations.size(), 1U) << "handed over once, at the end";
}

/// The compressed model is sure where the original is not: margin 0.02 at 60, 70 and 80, regrets of
/// 0.1, 0.5 and 0.3; at 90 regret 0.2 and margin 0.2.
FakePair unsure_pair() {
  const auto original = [](const Image& image, std::size_t, std::size_t) {
    const std::map<int, float> leads = {{60, 0.1F}, {70, 0.5F}, {80, 0.3F}, {90, 0.2F}};
    const auto lead = leads.find(image.at<unsigned char>(0, 0));
    const float half = lead == leads.end() ? 0.4F : lead->second / 2;
    return std::vector<float>{0.5F + half, 0.5F - half, 0};
  };
  const auto compressed = [](const Image& image, std::size_t, std::size_t) {
    const int level = image.at<unsigned char>(0, 0);
    if (level < 60) return std::vector<float>{0.9F, 0.1F, 0};
    return level == 90 ? std::vector<float>{0.4F, 0.6F, 0} : std::vector<float>{0.49F, 0.51F, 0};
  };
  return {test::FakeModel(original), test::FakeModel(compressed)};
}

TEST(Objective, WorstIsByRegretUnlessTheCriterionAsksForAMargin) {
  for (const auto& [criterion, level] : std::map<std::string, int>{
           {"label", 70}, {"regret >= 0.2", 70}, {"harmful", 70}, {"margin >= 0.01", 90}}) {
    FakePair pair = unsure_pair();
    Recorder recorder;
    search(pair.original, pair.compressed, flat_seeds({50}, {0}),
           worst({60, 70, 80, 90}).criterion(Criteria::parse(criterion)), &recorder);
    const Deviation& found = recorder.deviations.at(0);
    EXPECT_EQ(found.mutant.at<unsigned char>(0, 0), level) << criterion;
    EXPECT_NEAR(found.regret, level == 70 ? 0.5 : 0.2, 1e-6);
  }
}

TEST(Objective, ConfirmsWhatIsBetterThanTheBestAlone) {
  const Searched searched = run(worst());
  EXPECT_EQ(searched.result.counts.confirmations, 3U);  // 110, 130, 140
  EXPECT_EQ(searched.result.counts.refuted, 0U);
  // Together as one by one.
  const Searched together = run(worst(kLevels, 6));
  EXPECT_EQ(together.level(), 140);
  EXPECT_EQ(together.found().history[0].strength, 4);
  EXPECT_EQ(together.found().queries, 6) << "all that were evaluated count";
  EXPECT_EQ(together.result.counts.confirmations, 3U);
}

TEST(Objective, OfEqualOnesTheFirstIsKept) {
  EXPECT_EQ(run(worst({110, 130, 130})).found().queries, 2);
}

/// 0.5 for the level 150 in batches of several images, and `alone` alone.
MarginPair flattering(double alone) {
  return MarginPair([alone](const Image& image, std::size_t place, std::size_t batch_size) {
    const bool flattered = image.at<unsigned char>(0, 0) == 150;
    return flattered && batch_size == 1 ? alone : test::by_level(image, place, batch_size);
  });
}

TEST(Objective, DoesNotKeepWhatIsRefutedAlone) {
  const Searched searched = run(worst({110, 150, 120}), flattering(0), flat_seeds({50, 51}));
  EXPECT_EQ(searched.result.count(Outcome::found), 2U);
  EXPECT_EQ(searched.level(), 120);
  EXPECT_EQ(searched.result.counts.refuted, 2U);
  EXPECT_EQ(searched.result.counts.confirmations, 6U);
}

TEST(Objective, ComparesMarginsAsTheyAreAlone) {
  const Searched searched = run(worst({110, 150, 120}), flattering(0.05), flat_seeds({50, 51}));
  EXPECT_EQ(searched.level(), 120);
  EXPECT_EQ(searched.result.counts.refuted, 0U);
  EXPECT_EQ(run(worst({110, 150}), flattering(0.05), flat_seeds({50, 51})).level(), 110);
  // 0.25 alone, which is better than 0.1 and not as good as 0.3.
  const Searched kept = run(worst({110, 150, 130}), flattering(0.25), flat_seeds({50, 51}));
  EXPECT_EQ(kept.level(), 130);
  EXPECT_EQ(kept.result.counts.confirmations, 6U);
}

/// A seed image of level 50 in which one value is moved by `by`.
Image one_value_moved(int by) {
  Image image = flat(50);
  image.at<unsigned char>(3, 3) = static_cast<unsigned char>(50 + by);
  return image;
}

TEST(Objective, ClosestKeepsTheNearest) {
  // L2 100 and 120, L-inf 100 and 20.
  const std::vector<Image> mutants = {flat(90), one_value_moved(100), flat(70), flat(80)};
  const auto different = [](const Image& image, std::size_t, std::size_t) {
    return cv::countNonZero(image != 50) > 0 ? 0.3 : 0.0;
  };
  const Options closest = scripted(mutants).objective(Objective::closest);
  const Searched by_l2 = run(closest, MarginPair(different));
  EXPECT_TRUE(same_pixels(by_l2.found().mutant, mutants[1]));
  EXPECT_EQ(by_l2.seed().closeness, 100);
  EXPECT_EQ(by_l2.seed().queries, 4);
  EXPECT_EQ(by_l2.result.counts.confirmations, 2U);

  const Searched by_l_inf =
      run(Options(closest).closest_by(Distance::l_inf), MarginPair(different));
  EXPECT_TRUE(same_pixels(by_l_inf.found().mutant, mutants[2]));
  EXPECT_EQ(by_l_inf.seed().closeness, 20);
  EXPECT_EQ(by_l_inf.seed().distances.l_inf, 20);
}

TEST(Objective, SeedsThatDeviateAsTheyAreAreSearchedOnForWorse) {
  const SeedSet seeds = flat_seeds({115});
  for (const Objective objective : {Objective::first, Objective::closest}) {
    const Searched ended = run(worst().objective(objective), MarginPair(), seeds);
    EXPECT_EQ(ended.seed().outcome, Outcome::as_it_is);
    EXPECT_EQ(ended.seed().queries, 0);
    EXPECT_EQ(ended.seed().closeness, 0);
  }
  const Searched worse = run(worst(), MarginPair(), seeds);
  EXPECT_EQ(worse.seed().outcome, Outcome::found);
  EXPECT_FALSE(worse.found().as_it_is);
  EXPECT_EQ(worse.level(), 140);
  EXPECT_EQ(worse.result.counts.confirmations, 3U);  // the seed input, 130, 140
}

TEST(Objective, ASeedThatNothingIsWorseThanStaysAsItIs) {
  const Searched same = run(worst(), MarginPair(), flat_seeds({150}));
  EXPECT_EQ(same.seed().outcome, Outcome::as_it_is);
  EXPECT_TRUE(same.found().as_it_is);
  EXPECT_EQ(same.level(), 150);
  EXPECT_TRUE(same.found().history.empty());
  EXPECT_EQ(same.seed().queries, 6) << "but its chain went on to the end";
  EXPECT_EQ(same.found().queries, 0);
  EXPECT_NEAR(same.seed().margin, 0.5, 1e-6);
  EXPECT_FALSE(same.seed().cut_short);
}

TEST(Objective, WhatWasFoundBeforeAModelFailsIsHandedOver) {
  const auto failing = [](const Image& image, std::size_t place, std::size_t batch_size) {
    if (image.at<unsigned char>(0, 0) == 120) throw ModelError("no such level");
    return test::by_level(image, place, batch_size);
  };
  const Searched searched = run(worst(), MarginPair(failing));
  EXPECT_EQ(searched.seed().outcome, Outcome::error);
  EXPECT_THAT(*searched.seed().why, testing::HasSubstr("no such level"));
  EXPECT_EQ(searched.seed().queries, 4);
  EXPECT_EQ(searched.seed().paths, 4);
  EXPECT_EQ(searched.level(), 130);
  EXPECT_EQ(searched.found().queries, 3);
  EXPECT_EQ(searched.found().distances.l_inf, 80);
  EXPECT_EQ(searched.recorder.failures.at(0).image.at<unsigned char>(0, 0), 120);
}

TEST(Objective, AStopKeepsTheBestSoFarAndSaysSo) {
  StopSignal stop;
  const Searched searched = run(worst().stop(stop).on_progress([&stop](const Progress& progress) {
    if (progress.queries == 3) stop.request();
  }));
  EXPECT_EQ(searched.seed().outcome, Outcome::found);
  EXPECT_TRUE(searched.seed().cut_short);
  EXPECT_EQ(searched.seed().queries, 3);
  EXPECT_EQ(searched.level(), 130);
}

TEST(Objective, AStopBeforeAnythingWasFoundLeavesThePartlySearched) {
  StopSignal stop;
  const Searched searched = run(worst({60, 70, 140}).stop(stop).on_progress([&](const Progress& p) {
    if (p.queries == 2) stop.request();
  }));
  EXPECT_EQ(searched.seed().outcome, Outcome::partly_searched);
  EXPECT_FALSE(searched.seed().cut_short);
  EXPECT_EQ(searched.seed().paths, 2);
}

TEST(Objective, SecondsPerSeedKeepTheBestSoFar) {
  const Searched searched = run(worst().seconds_per_seed(1e-9), MarginPair(), flat_seeds({110}));
  EXPECT_EQ(searched.seed().outcome, Outcome::as_it_is);
  EXPECT_TRUE(searched.seed().cut_short);
  EXPECT_EQ(searched.seed().queries, 0);
}

TEST(Objective, ABudgetInAllKeepsTheBestSoFar) {
  const Searched searched = run(worst().queries_in_all(8), MarginPair(), flat_seeds({50, 51}));
  EXPECT_EQ(searched.result.counts.queries, 8U);
  for (const SeedResult& seed : searched.result.seeds) {
    EXPECT_EQ(seed.outcome, Outcome::found);
    EXPECT_TRUE(seed.cut_short);
    EXPECT_NEAR(seed.margin, 0.3, 1e-6);
  }
}

// --- criteria
// -------------------------------------------------------------------------------------

TEST(SearchCriterion, ADeviationOfLessIsSearchedOn) {
  const Options clear = scripted(flats({110, 118, 125, 140})).margin(0.2);
  const Searched searched = run(clear, MarginPair(), flat_seeds({115}));
  EXPECT_EQ(searched.seed().outcome, Outcome::found);
  EXPECT_EQ(searched.level(), 125);
  EXPECT_EQ(searched.seed().queries, 3);
  EXPECT_EQ(searched.result.counts.confirmations, 1U);
  EXPECT_EQ(run(clear, MarginPair(), flat_seeds({125})).seed().outcome, Outcome::as_it_is);
  EXPECT_EQ(run(Options(clear).margin(0.5)).seed().outcome, Outcome::not_found);
}

TEST(SearchCriterion, IsJudgedAlone) {
  // 0.5 in a batch and 0.05 alone, which is a deviation, but no clear one.
  const Searched searched =
      run(scripted(flats({150, 130})).margin(0.2), flattering(0.05), flat_seeds({50, 51}));
  EXPECT_EQ(searched.level(), 130);
  EXPECT_EQ(searched.result.counts.refuted, 2U);
}

TEST(SearchCriterion, WithoutLabelsInItFindsWhatDoesNotDeviate) {
  // Both prefer the first class; the probabilities are 0.2 apart.
  test::FakeModel original([](const Image&, std::size_t, std::size_t) {
    return std::vector<float>{0.9F, 0.1F, 0};
  });
  test::FakeModel compressed([](const Image& image, std::size_t, std::size_t) {
    const bool apart = image.at<unsigned char>(0, 0) > 100;
    return apart ? std::vector<float>{0.7F, 0.1F, 0.2F} : std::vector<float>{0.85F, 0.15F, 0};
  });
  Recorder recorder;
  const SearchResult result = search(original, compressed, flat_seeds({50}),
                                     scripted(flats({60, 120})).total_variation(0.15), &recorder);
  EXPECT_EQ(result.seeds[0].outcome, Outcome::found);
  EXPECT_EQ(result.seeds[0].queries, 2);
  EXPECT_EQ(result.seeds[0].original_label, 0);
  EXPECT_EQ(result.seeds[0].compressed_label, 0);
  EXPECT_LE(result.seeds[0].margin, 0);
}

TEST(SearchCriterion, HarmfulNeedsTheTrueLabels) {
  const Options harmful = scripted(flats(kLevels)).harmful();
  EXPECT_THAT(message_of<ConfigError>([&] { run(harmful); }),
              testing::AllOf(testing::HasSubstr("needs the true label of every seed input, and '0' "
                                                "has none"),
                             testing::HasSubstr("harmful")));
  // The original says 0 throughout.
  EXPECT_EQ(outcomes(run(harmful, MarginPair(), flat_seeds({50, 50}, {0, 2})).result),
            (std::vector<Outcome>{Outcome::found, Outcome::not_found}));
}

TEST(SearchCriterion, TopKNeedsMoreClasses) {
  const std::string message =
      message_of<ConfigError>([] { run(scripted(flats(kLevels)).top_k(4)); });
  EXPECT_THAT(message, testing::AllOf(testing::HasSubstr("top_k"), testing::HasSubstr("4"),
                                      testing::HasSubstr("3")));
  // The original's label is the compressed model's second.
  EXPECT_EQ(run(scripted(flats(kLevels)).top_k(1)).seed().outcome, Outcome::found);
  EXPECT_EQ(run(scripted(flats(kLevels)).top_k(2)).seed().outcome, Outcome::not_found);
}

// --- constraints
// ----------------------------------------------------------------------------------

TEST(SearchConstraints, AStrategyThatIgnoresThemFindsNothing) {
  const Options ignoring = scripted(flats(kLevels)).l_inf(54);
  const Searched searched = run(ignoring);
  EXPECT_EQ(searched.seed().outcome, Outcome::not_found);
  EXPECT_EQ(searched.seed().queries, 6);
  EXPECT_EQ(searched.result.counts.confirmations, 0U);
  EXPECT_TRUE(searched.recorder.deviations.empty());
  EXPECT_EQ(run(Options(ignoring).l_inf(60)).level(), 110);
}

TEST(SearchConstraints, OfTheWorstOnlyThoseAllowedCount) {
  const Searched searched = run(worst().l_inf(75));
  EXPECT_EQ(searched.level(), 120);
  EXPECT_EQ(searched.result.counts.confirmations, 2U);
}

TEST(SearchConstraints, DoNotConcernSeedsAsTheyAre) {
  EXPECT_EQ(run(scripted(flats(kLevels)).l_inf(0), MarginPair(), flat_seeds({115})).seed().outcome,
            Outcome::as_it_is);
}

}  // namespace
}  // namespace dflare
