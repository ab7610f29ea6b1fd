#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "dflare/error.hpp"
#include "dflare/search.hpp"
#include "dflare/statistics.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

using test::FakeModel;

/// Keeps what a search hands on.
class Recorder : public SearchSink {
 public:
  void deviation(const Deviation& d) override { deviations.emplace(d.position, d); }
  void failure(const Failure& f) override { failures.emplace(f.position, f); }
  void block_done(std::size_t block, const std::vector<SeedResult>& seeds) override {
    blocks[block] = seeds.size();
  }

  std::map<std::size_t, Deviation> deviations;
  std::map<std::size_t, Failure> failures;
  std::map<std::size_t, std::size_t> blocks;
};

SeedSet flat_seeds(const std::vector<int>& values, const std::vector<int>& labels = {}) {
  std::vector<Image> images;
  images.reserve(values.size());
  for (const int value : values) images.emplace_back(6, 6, CV_8UC1, cv::Scalar(value));
  return SeedSet::images(images, labels);
}

SeedSet pictures(int n) {
  std::vector<Image> images;
  for (int i = 0; i < n; ++i) images.push_back(test::picture(8, 8, 1, i));
  return SeedSet::images(images);
}

/// Brightens the image by `step` a query; a strategy whose queries can be counted by hand.
MutationSet brighten(int step) {
  MutationSet set;
  set.add("brighten", [step](const Image& image, Random&) {
    Image mutant;
    image.convertTo(mutant, -1, 1, step);
    return mutant;
  });
  return set;
}
Options brightening(int step) {
  return Options().strategy("random").operators(brighten(step));
}

std::vector<Outcome> outcomes(const SearchResult& result) {
  std::vector<Outcome> all;
  for (const SeedResult& seed : result.seeds) all.push_back(seed.outcome);
  return all;
}

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

/// What must be equal between equal searches.
std::vector<std::string> essence(const SearchResult& result, const Recorder& recorder) {
  std::vector<std::string> lines;
  for (const SeedResult& seed : result.seeds) {
    std::string line = seed.id + " " + to_string(seed.outcome) + " " +
                       std::to_string(seed.queries) + " " + std::to_string(seed.original_label) +
                       ">" + std::to_string(seed.compressed_label) + " ";
    const auto found = recorder.deviations.find(seed.position);
    if (found != recorder.deviations.end()) {
      const Image& mutant = found->second.mutant;
      line.append(reinterpret_cast<const char*>(mutant.data), mutant.total());
      for (const float score : found->second.compressed_scores) line += " " + std::to_string(score);
    }
    lines.push_back(line);
  }
  return lines;
}

// The answers depend on the place in the batch, far more than a float kernel's do, so that a batch
// filled in another way is noticed.
TEST(Search, SameOptionsSameFindingsWhateverTheWorkers) {
  FakeModel original(test::linear(4, 0, 0.01F), "original", Output::logits);
  FakeModel compressed(test::linear(4, 0.2, 0.02F), "compressed", Output::logits);
  const SeedSet seeds = pictures(37);
  const Options options =
      Options().operators(MutationSet::named("all")).queries(60).batch(5).block(8);
  std::vector<std::string> reference;
  for (const int workers : {1, 2, 3, 7}) {
    Recorder recorder;
    const SearchResult result =
        search(original, compressed, seeds, Options(options).workers(workers), &recorder);
    EXPECT_EQ(result.workers, workers);
    EXPECT_EQ(recorder.blocks.size(), 5U);
    EXPECT_EQ(recorder.blocks.at(4), 5U);
    const auto lines = essence(result, recorder);
    if (reference.empty()) {
      reference = lines;
      EXPECT_GT(summarise(result).found, 5U) << "too little is found for this test to say anything";
    }
    EXPECT_EQ(lines, reference) << workers << " workers";
  }
}

TEST(Search, BlocksApartGiveWhatTheyGiveTogether) {
  FakeModel original(test::linear(4, 0, 0.01F), "original", Output::logits);
  FakeModel compressed(test::linear(4, 0.2, 0.02F), "compressed", Output::logits);
  const SeedSet seeds = pictures(30);
  const Options options =
      Options().operators(MutationSet::named("all")).queries(40).batch(4).block(8);
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
  const Options options = Options().operators(MutationSet::named("all")).queries(60);
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
  EXPECT_EQ(result.seeds[1].message,
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
  EXPECT_EQ(failing.seeds[1].message,
            "the compressed model failed: model 'fake': too bright for me");
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
  EXPECT_EQ(errors.seeds[5].message, "image5 is damaged");
  EXPECT_EQ(errors.count(Outcome::not_found), 7U);
  EXPECT_EQ(recorder.failures.size(), 3U);
  const SearchResult skipped =
      search(model, model, seeds, brightening(1).queries(1).unreadable(Unreadable::skip));
  EXPECT_EQ(skipped.count(Outcome::skipped), 3U);
  EXPECT_EQ(skipped.seeds[9].message, "image9 is damaged");
}

TEST(Search, ABudgetInAllIsKeptAndTheRestIsSaid) {
  FakeModel model(test::brightness(0.99));
  const SeedSet seeds = flat_seeds({1, 2, 3, 4, 5, 6, 7, 8});
  const Options options = Options(brightening(1)).queries(10).batch(2).block(4).queries_in_all(30);
  const SearchResult result = search(model, model, seeds, options);
  EXPECT_EQ(result.counts.queries, 30U);
  // 15 in each block of four: three rounds of four, and a last one of three.
  EXPECT_EQ(result.count(Outcome::partly_searched), 8U);
  std::vector<int> queries;
  for (const SeedResult& seed : result.seeds) queries.push_back(seed.queries);
  EXPECT_EQ(queries, (std::vector<int>{4, 4, 4, 3, 4, 4, 4, 3}));
  EXPECT_FALSE(summarise(result).complete());
  const SearchResult enough = search(model, model, seeds, Options(options).queries_in_all(80));
  EXPECT_EQ(enough.count(Outcome::not_found), 8U);
  // Times the four seeds of the first block this is 0 in 64 bits.
  const std::uint64_t huge = std::uint64_t{1} << 62;
  const SearchResult all = search(model, model, seeds, Options(options).queries_in_all(huge));
  EXPECT_EQ(all.count(Outcome::not_found), 8U);
}

TEST(Search, SecondsThatEndedLeaveSeedsNotBegunOrPartlySearched) {
  FakeModel model(test::brightness(0.99));
  const SearchResult in_all =
      search(model, model, flat_seeds({1, 2, 3}), brightening(1).seconds(1e-9));
  EXPECT_EQ(in_all.count(Outcome::not_begun), 3U);
  const SearchResult each =
      search(model, model, flat_seeds({1, 2, 3}), brightening(1).seconds_per_seed(1e-9));
  EXPECT_EQ(each.count(Outcome::partly_searched), 3U);
}

TEST(Search, StopsOnRequestWithAllFindingsSoFar) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  std::vector<int> values(40, 100);
  values[0] = 120;
  Recorder recorder;
  StopSignal stop;
  const Options options = Options(brightening(1))
                              .batch(4)
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

TEST(Search, BatchesAreAsFullAsTheBlockAllows) {
  FakeModel model(test::brightness(0.99));
  std::set<std::size_t> sizes;
  FakeModel watched([&sizes](const Image& image, std::size_t, std::size_t batch_size) {
    sizes.insert(batch_size);
    return test::brightness(0.99)(image, 0, 1);
  });
  const SearchResult result =
      search(model, watched, flat_seeds(std::vector<int>(8, 1)),
             Options(brightening(1)).batch(4).block(8).queries(10).workers(1));
  EXPECT_EQ(sizes, std::set<std::size_t>{4});
  EXPECT_EQ(result.counts.batches, 2U + 20U);
}

/// Proposes three mutants at once, twice; the second of the second time is bright.
class ThreeAtOnce : public Strategy {
 public:
  std::unique_ptr<Chain> start(const Seed& seed, const Answer&) const override {
    return std::make_unique<Threes>(seed);
  }

 private:
  class Threes : public Chain {
   public:
    explicit Threes(const Seed& seed) : seed_(seed) {}
    void propose(std::vector<Image>& mutants) override {
      ++round_;
      if (round_ > 2) return;
      for (int k = 0; k < 3; ++k) {
        mutants.push_back(round_ == 2 && k == 1 ? Image(6, 6, CV_8UC1, cv::Scalar(140))
                                                : seed_.image.clone());
      }
    }
    void observe(const std::vector<Answer>& answers) override { EXPECT_EQ(answers.size(), 3U); }
    std::vector<AppliedOperator> history(std::size_t k) const override {
      return {{"mutant", static_cast<double>(k), ""}};
    }

   private:
    Seed seed_;
    int round_ = 0;
  };
};

TEST(Search, AChainMayAskForSeveralMutantsAtOnce) {
  register_strategy("three_at_once",
                    [](const Options&) { return std::make_unique<ThreeAtOnce>(); });
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  for (const int batch : {1, 4, 64}) {
    Recorder recorder;
    const SearchResult result = search(original, compressed, flat_seeds({0, 0, 0}),
                                       Options().strategy("three_at_once").batch(batch), &recorder);
    EXPECT_EQ(result.count(Outcome::found), 3U) << batch;
    EXPECT_EQ(result.seeds[2].queries, 6);  // all that were evaluated count
    EXPECT_EQ(recorder.deviations.at(1).history.front().strength, 1);
  }
}

}  // namespace
}  // namespace dflare
