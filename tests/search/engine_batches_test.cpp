// How a search fills its batches, and what budgets do to it.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <set>

#include "dflare/search.hpp"
#include "dflare/statistics.hpp"
#include "search/searching.hpp"

namespace dflare {
namespace {

using test::brightening;
using test::FakeModel;
using test::flat_seeds;
using test::outcomes;
using test::Recorder;

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

/// Dark images, each a grey level brighter than the one before; counts those loaded.
class Counted : public SeedSource {
 public:
  explicit Counted(std::size_t size) : size_(size) {}
  std::size_t size() const override { return size_; }
  std::string id(std::size_t i) const override { return std::to_string(i); }
  std::optional<int> label(std::size_t) const override { return std::nullopt; }
  Image load(std::size_t i) const override {
    ++loaded;
    return Image(6, 6, CV_8UC1, cv::Scalar(static_cast<double>(i % 100)));
  }
  std::string name() const override { return "counted images"; }
  mutable std::atomic<std::size_t> loaded{0};

 private:
  std::size_t size_;
};

// Seed input i needs 128 - i queries: they end one by one, and the next one takes the place at
// once.
TEST(Search, AFinishedChainsPlaceIsTakenByTheNextSeedInput) {
  FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.6));
  const auto source = std::make_shared<Counted>(100);
  const std::size_t places = 4 * 8;
  std::size_t most_ahead = 0;
  const Options options = Options(brightening(1))
                              .batch(4)
                              .block(100)
                              .workers(1)
                              .on_progress([&](const Progress& progress) {
                                most_ahead =
                                    std::max(most_ahead, source->loaded - progress.seeds_done);
                              });
  const SearchResult result = search(original, compressed, SeedSet(source), options);
  EXPECT_EQ(result.count(Outcome::found), 100U);
  EXPECT_EQ(most_ahead, places) << "more seed inputs were held than there are places";
  const std::uint64_t images = result.counts.queries + result.counts.first_looks;
  EXPECT_EQ(images, 100U + 128 * 100 - 99 * 100 / 2);
  // Only the last chains leave batches that are not full.
  EXPECT_LE(result.counts.batches, images / 4 + 40);
}

TEST(Search, LooksAtNewSeedInputsInTheBatchesOfOthers) {
  std::vector<Image> images;
  for (int level = 100; level < 124; ++level) {
    images.emplace_back(6, 6, CV_8UC1, cv::Scalar(level));
    images.back().at<unsigned char>(0, 0) = 0;  // which no mutant has
  }
  int shared = 0;
  bool seed_is_first = false;
  FakeModel original(test::brightness(0.5));
  FakeModel watched([&](const Image& image, std::size_t place, std::size_t) {
    const bool is_seed = image.at<unsigned char>(0, 0) == 0;
    if (place == 0) {
      seed_is_first = is_seed;
    } else {
      shared += is_seed != seed_is_first;
    }
    return test::brightness(0.6)(image, 0, 1);
  });
  // 16 places for 24 seed inputs, whose searches end one after another.
  const SearchResult result = search(original, watched, SeedSet::images(images),
                                     Options(brightening(1)).batch(2).block(24).workers(1));
  EXPECT_EQ(result.count(Outcome::found), 24U);
  EXPECT_EQ(result.counts.first_looks, 24U);
  EXPECT_GT(shared, 0) << "no batch held a seed input and a mutant";
}

TEST(Search, ABudgetThatEndsInTheMiddleOfABlockLeavesItsLastSeedsNotBegun) {
  FakeModel model(test::brightness(0.99));
  const SearchResult result =
      search(model, model, flat_seeds(std::vector<int>(20, 1)),
             Options(brightening(1)).queries(10).batch(1).block(20).queries_in_all(44));
  EXPECT_EQ(result.counts.queries, 44U);
  EXPECT_EQ(result.count(Outcome::partly_searched), 8U);  // the places of a block
  EXPECT_EQ(result.count(Outcome::not_begun), 12U);
  EXPECT_EQ(result.seeds[8].outcome, Outcome::not_begun);
}

TEST(Search, KeepsOpenCvToOneThreadMeanwhile) {
  const int before = cv::getNumThreads();
  cv::setNumThreads(2);
  const int threads = cv::getNumThreads();
  int inside = 0;
  FakeModel model([&inside](const Image& image, std::size_t, std::size_t) {
    inside = cv::getNumThreads();
    return test::brightness(0.5)(image, 0, 1);
  });
  search(model, model, flat_seeds({1}), brightening(1).queries(1));
  EXPECT_EQ(inside, 1);
  EXPECT_EQ(cv::getNumThreads(), threads);
  cv::setNumThreads(before);
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
    void propose(std::vector<Image>& mutants, Gradients&) override {
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

}  // namespace
}  // namespace dflare
