#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "dflare/error.hpp"
#include "dflare/search.hpp"
#include "dflare/statistics.hpp"
#include "search/searching.hpp"

namespace dflare {
namespace {

using test::brightening;
using test::essence;
using test::FakeModel;
using test::flat_seeds;
using test::outcomes;
using test::pictures;
using test::Recorder;

TEST(Search, FindsTheDeviationBetweenTheTwoBoundaries) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Recorder recorder;
  // 0.5 and 0.6 of 255 are 127.5 and 153: the models disagree from 128 to 152.
  const SearchResult result = search(original, compressed, flat_seeds({100, 140, 200}),
                                     brightening(10).queries(5), &recorder);
  EXPECT_EQ(outcomes(result),
            (std::vector<Outcome>{Outcome::found, Outcome::as_it_is, Outcome::not_found}));
  EXPECT_EQ(result.seeds[0].queries, 3);  // 110, 120, 130
  EXPECT_EQ(result.seeds[1].queries, 0);
  EXPECT_EQ(result.seeds[2].queries, 5);
  EXPECT_EQ(result.counts.queries, 8U);
  EXPECT_EQ(result.counts.first_looks, 3U);
  EXPECT_EQ(result.counts.confirmations, 2U);
  EXPECT_EQ(result.counts.refuted, 0U);

  ASSERT_EQ(recorder.deviations.size(), 2U);
  const Deviation& found = recorder.deviations.at(0);
  EXPECT_EQ(found.mutant.at<unsigned char>(0, 0), 130);
  EXPECT_EQ(found.seed.image.at<unsigned char>(0, 0), 100);
  EXPECT_EQ(found.original_label, 1);
  EXPECT_EQ(found.compressed_label, 0);
  EXPECT_GT(found.margin, 0);
  EXPECT_EQ(found.queries, 3);
  EXPECT_EQ(found.history.size(), 3U);
  EXPECT_EQ(result.seeds[0].distances.l_inf, 30);
  EXPECT_NEAR(result.seeds[0].distances.l2, 180, 1e-9);  // 30 grey levels over 36 pixels
  const Deviation& as_it_is = recorder.deviations.at(1);
  EXPECT_TRUE(as_it_is.as_it_is);
  EXPECT_TRUE(same_pixels(as_it_is.mutant, as_it_is.seed.image));
}

TEST(Search, TakesNoMoreWorkersThanThereAreBatches) {
  FakeModel model(test::brightness(0.5)), same(test::brightness(0.5));
  const auto workers = [&](int batch, int block) {
    const Options options = brightening(1).queries(1).workers(9).batch(batch).block(block);
    return search(model, same, flat_seeds({1, 2, 3, 4, 5}), options).workers;
  };
  EXPECT_EQ(workers(64, 64), 1);
  EXPECT_EQ(workers(2, 64), 3);
  EXPECT_EQ(workers(64, 3), 2);
  EXPECT_EQ(workers(2, 3), 3);
}

TEST(Search, OfEqualModelsFindsNothing) {
  FakeModel model(test::brightness(0.5)), same(test::brightness(0.5));
  const SearchResult result =
      search(model, same, flat_seeds({0, 100, 200}), brightening(3).queries(40));
  EXPECT_EQ(result.count(Outcome::not_found), 3U);
  EXPECT_EQ(result.counts.queries, 120U);
}

// The answers depend on the place in the batch, far more than a float kernel's do, so that a batch
// filled in another way is noticed.
TEST(Search, SameOptionsSameFindingsWhateverTheWorkers) {
  FakeModel original(test::linear(4, 0, 0.01F), "original", Output::logits);
  FakeModel compressed(test::linear(4, 0.2, 0.02F), "compressed", Output::logits);
  const SeedSet seeds = pictures(37);
  const auto expect_same_findings = [&](int batch, int block, std::size_t blocks) {
    const Options options = Options()
                                .strategy("dflare")
                                .operators(MutationSet::named("all"))
                                .queries(60)
                                .batch(batch)
                                .block(block);
    std::vector<std::string> reference;
    for (const int workers : {1, 2, 3, 7}) {
      Recorder recorder;
      const SearchResult result =
          search(original, compressed, seeds, Options(options).workers(workers), &recorder);
      EXPECT_EQ(result.workers, workers);
      EXPECT_EQ(recorder.blocks.size(), blocks);
      const auto lines = essence(result, recorder);
      if (reference.empty()) {
        reference = lines;
        EXPECT_GT(summarise(result).found, 5U)
            << "too little is found for this test to say anything";
      }
      EXPECT_EQ(lines, reference) << workers << " workers";
    }
  };
  expect_same_findings(5, 8, 5);   // a place for each seed input of a block
  expect_same_findings(1, 37, 1);  // 8 slots, which 37 seed inputs take one after another
  expect_same_findings(2, 19, 2);  // 16 slots for 19
}

TEST(Search, BlocksApartGiveWhatTheyGiveTogether) {
  FakeModel original(test::linear(4, 0, 0.01F), "original", Output::logits);
  FakeModel compressed(test::linear(4, 0.2, 0.02F), "compressed", Output::logits);
  const SeedSet seeds = pictures(30);
  const Options options = Options()
                              .strategy("dflare")
                              .operators(MutationSet::named("all"))
                              .queries(40)
                              .batch(4)
                              .block(8);
  Recorder whole_recorder;
  const SearchResult whole = search(original, compressed, seeds, options, &whole_recorder);
  std::vector<std::string> parts(seeds.size());
  for (const std::vector<std::size_t>& shard :
       {std::vector<std::size_t>{3, 0}, std::vector<std::size_t>{1, 2}}) {
    Recorder recorder;
    const SearchResult part = search(original, compressed, seeds, options, &recorder, shard);
    const auto lines = essence(part, recorder);
    for (std::size_t i = 0; i < part.seeds.size(); ++i) {
      EXPECT_TRUE(parts[part.seeds[i].position].empty());
      parts[part.seeds[i].position] = lines[i];
    }
  }
  EXPECT_EQ(parts, essence(whole, whole_recorder));
}

TEST(Search, OtherRngSeedsGiveOtherFindings) {
  FakeModel original(test::linear(4), "original", Output::logits),
      compressed(test::linear(4, 0.2), "compressed", Output::logits);
  const Options options =
      Options().strategy("dflare").operators(MutationSet::named("all")).queries(60);
  Recorder one, two;
  const auto a = essence(search(original, compressed, pictures(12), options, &one), one);
  const auto b =
      essence(search(original, compressed, pictures(12), Options(options).rng_seed(2), &two), two);
  EXPECT_NE(a, b);
}

TEST(Search, WhatDeviatesOnlyInABatchIsNoFinding) {
  FakeModel original(test::brightness(0.5));
  // Disagrees with the original only in batches of more than one.
  FakeModel compressed([](const Image& image, std::size_t, std::size_t batch_size) {
    auto answer = test::brightness(0.5)(image, 0, 1);
    if (batch_size > 1) std::swap(answer[0], answer[1]);
    return answer;
  });
  Recorder recorder;
  const SearchResult result =
      search(original, compressed, flat_seeds({0, 10, 20}), brightening(1).queries(4), &recorder);
  EXPECT_EQ(result.count(Outcome::not_found), 3U);
  EXPECT_TRUE(recorder.deviations.empty());
  EXPECT_EQ(result.counts.refuted, 15U);  // 3 first looks and 12 queries
  EXPECT_EQ(result.counts.confirmations, 15U);
}

FakeModel::Function nan_above(double threshold) {
  return [threshold](const Image& image, std::size_t, std::size_t) {
    auto answer = test::brightness(0.9)(image, 0, 1);
    if (test::mean_pixel(image) > threshold) answer[1] = std::numeric_limits<float>::quiet_NaN();
    return answer;
  };
}

FakeModel::Function throws_above(double threshold) {
  return [threshold](const Image& image, std::size_t, std::size_t) {
    if (test::mean_pixel(image) > threshold) throw ModelError("too bright for me");
    return test::brightness(0.9)(image, 0, 1);
  };
}

TEST(Search, AnAnswerThatIsNotFiniteIsAnErrorOfItsSeedAlone) {
  FakeModel original(test::brightness(0.2)), compressed(nan_above(0.5));
  Recorder recorder;
  // 20 ends between the boundaries; 40 passes them by a jump of 150; 200 is NaN from the start.
  const SearchResult result = search(original, compressed, flat_seeds({20, 200, 46}),
                                     Options(brightening(5)).queries(3), &recorder);
  EXPECT_EQ(outcomes(result),
            (std::vector<Outcome>{Outcome::not_found, Outcome::error, Outcome::found}));
  EXPECT_EQ(*result.seeds[1].why,
            "the compressed model answered a score that is not finite (NaN or infinity)");
  ASSERT_EQ(recorder.failures.size(), 1U);
  EXPECT_EQ(recorder.failures.at(1).seed_id, "1");
  EXPECT_EQ(recorder.failures.at(1).image.at<unsigned char>(0, 0), 200);
}

TEST(Search, AModelThatThrowsInTheMiddleKeepsWhatWasFound) {
  FakeModel original(test::brightness(0.2)), compressed(throws_above(0.5));
  Recorder recorder;
  const SearchResult result = search(original, compressed, flat_seeds({45, 120, 10}),
                                     Options(brightening(10)).queries(3), &recorder);
  // 120 deviates as it is; with 10 a query 45 does at 55; nothing is above half.
  EXPECT_EQ(outcomes(result),
            (std::vector<Outcome>{Outcome::found, Outcome::as_it_is, Outcome::not_found}));
  Recorder after;
  const SearchResult failing = search(original, compressed, flat_seeds({45, 130, 10}),
                                      Options(brightening(10)).queries(3), &after);
  EXPECT_EQ(outcomes(failing),
            (std::vector<Outcome>{Outcome::found, Outcome::error, Outcome::not_found}));
  EXPECT_EQ(*failing.seeds[1].why, "the compressed model failed: model 'fake': too bright for me");
  EXPECT_EQ(after.deviations.size(), 1U);
}

TEST(Search, AMutantOnWhichAModelFailsEndsItsSeedAsError) {
  FakeModel original(test::brightness(0.9)), compressed(throws_above(0.5));
  Recorder recorder;
  const SearchResult result = search(original, compressed, flat_seeds({100, 10}),
                                     Options(brightening(20)).queries(4), &recorder);
  EXPECT_EQ(outcomes(result), (std::vector<Outcome>{Outcome::error, Outcome::not_found}));
  EXPECT_EQ(result.seeds[0].queries, 2);  // 120 went well, 140 did not
  EXPECT_EQ(recorder.failures.at(0).image.at<unsigned char>(0, 0), 140);
}

TEST(Search, AModelThatAlwaysFailsMakesEverySeedAnError) {
  FakeModel original(test::brightness(0.5)), compressed(throws_above(-1));
  const SearchResult result =
      search(original, compressed, flat_seeds({1, 2, 3, 4, 5}), Options().batch(2));
  EXPECT_EQ(result.count(Outcome::error), 5U);
}

TEST(Search, AModelThatBreaksForGoodEndsItsBlock) {
  FakeModel original(test::brightness(0.9));
  int calls = 0;
  FakeModel compressed([&calls](const Image& image, std::size_t, std::size_t) {
    if (++calls > 8) throw ModelError("broken");
    return test::brightness(0.9)(image, 0, 1);
  });
  const SearchResult result = search(original, compressed, flat_seeds({1, 2, 3, 4}),
                                     Options(brightening(1)).batch(2).queries(50).workers(1));
  EXPECT_EQ(result.count(Outcome::error), 4U);
  EXPECT_LT(result.counts.queries, 10U);
}

TEST(Search, RefusesModelsOfDifferentClasses) {
  FakeModel two(test::brightness(0.5), "two.pt"), four(test::linear(4), "four.pt", Output::logits);
  try {
    search(two, four, flat_seeds({10}), Options());
    FAIL() << "nothing thrown";
  } catch (const ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "the models do not answer for the same classes: two.pt has 2, four.pt has 4; a "
                 "pair needs one set of classes");
  }
}

TEST(Search, RefusesOptionsThatMakeNoSense) {
  FakeModel model(test::brightness(0.5));
  EXPECT_THROW(search(model, model, flat_seeds({10}), Options().queries(0)), ConfigError);
  EXPECT_THROW(search(model, model, flat_seeds({10}), Options(), nullptr, {1}), ConfigError);
}

TEST(Search, SkipsMisclassifiedSeedsOnlyIfAsked) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  const SeedSet seeds =
      flat_seeds({0, 255, 140}, {0, 0, 0});  // the second and third are 'bright' to the original
  EXPECT_EQ(outcomes(search(original, compressed, seeds,
                            brightening(1).queries(1).misclassified(Misclassified::skip))),
            (std::vector<Outcome>{Outcome::not_found, Outcome::skipped, Outcome::skipped}));
  EXPECT_EQ(outcomes(search(original, compressed, seeds, brightening(1).queries(1))),
            (std::vector<Outcome>{Outcome::not_found, Outcome::not_found, Outcome::as_it_is}));
}

/// Ten dark images, of which some cannot be read.
class Damaged : public SeedSource {
 public:
  std::size_t size() const override { return 10; }
  std::string id(std::size_t i) const override { return "image" + std::to_string(i); }
  std::optional<int> label(std::size_t) const override { return std::nullopt; }
  Image load(std::size_t i) const override {
    if (i % 4 == 1) throw SeedError("image" + std::to_string(i) + " is damaged");
    return Image(4, 4, CV_8UC1, cv::Scalar(0));
  }
  std::string name() const override { return "damaged"; }
};

TEST(Search, UnreadableSeedsAreErrorsOrSkippedIfAsked) {
  FakeModel model(test::brightness(0.5));
  const SeedSet seeds(std::make_shared<Damaged>());
  Recorder recorder;
  const SearchResult errors =
      search(model, model, seeds, brightening(1).queries(1).block(3), &recorder);
  EXPECT_EQ(errors.count(Outcome::error), 3U);
  EXPECT_EQ(*errors.seeds[5].why, "image5 is damaged");
  EXPECT_EQ(errors.count(Outcome::not_found), 7U);
  EXPECT_EQ(recorder.failures.size(), 3U);
  const SearchResult skipped =
      search(model, model, seeds, brightening(1).queries(1).unreadable(Unreadable::skip));
  EXPECT_EQ(skipped.count(Outcome::skipped), 3U);
  EXPECT_EQ(*skipped.seeds[9].why, "image9 is damaged");
}

TEST(Search, StopsOnRequestWithAllFindingsSoFar) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  std::vector<int> values(40, 100);
  values[0] = 120;
  Recorder recorder;
  StopSignal stop;
  const Options options = Options(brightening(1))
                              .batch(5)  // 40 slots
                              .block(40)
                              .stop(stop)
                              .on_progress([&stop](const Progress& progress) {
                                if (progress.found > 0) stop.request();
                              });
  const SearchResult result = search(original, compressed, flat_seeds(values), options, &recorder);
  EXPECT_EQ(result.seeds[0].outcome, Outcome::found);
  EXPECT_EQ(recorder.deviations.size(), 1U);
  EXPECT_EQ(result.count(Outcome::partly_searched), 39U);
}

TEST(Search, TellsItsProgress) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Progress last;
  const SearchResult result =
      search(original, compressed, flat_seeds({100, 140, 200}),
             brightening(10).queries(5).workers(2).block(1).on_progress([&last](const Progress& p) {
               EXPECT_GE(p.queries, last.queries);
               EXPECT_GE(p.seeds_done, last.seeds_done);
               last = p;
             }));
  EXPECT_EQ(last.seeds, 3U);
  EXPECT_EQ(last.seeds_done, 3U);
  EXPECT_EQ(last.found, 2U);
  EXPECT_EQ(last.queries, result.counts.queries);
}

TEST(Search, AnExceptionOfTheSinkEndsTheSearchAndIsPassedOn) {
  class Full : public SearchSink {
   public:
    void deviation(const Deviation&) override { throw FindingError("disk full"); }
  };
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  Full sink;
  EXPECT_THROW(search(original, compressed, flat_seeds(std::vector<int>(50, 120)),
                      Options(brightening(10)).block(5).workers(2), &sink),
               FindingError);
}

}  // namespace
}  // namespace dflare
