#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>

#include "dflare/strategy.hpp"
#include "support/images.hpp"
#include "support/no_gradients.hpp"

namespace dflare {
namespace {

constexpr std::size_t kChildren = 8;  // a generation's new individuals

using ClassScores = std::vector<float>;
/// The original's scores for the k-th mutant of a search; the compressed model's are always sure.
using Original = std::function<ClassScores(const Image& mutant, std::size_t k)>;

ClassScores sure() {
  return {0, 1, 0};
}
ClassScores torn() {
  return {0.04F, 0.49F, 0.47F};
}
/// Of a lower top score than torn(), but of a wider gap.
ClassScores less_torn() {
  return {0.27F, 0.46F, 0.27F};
}

/// Two of three classes share what brightness tells between them: equally at a mean of 150, where
/// mutations alone, which pull every value to the middle, would not take a darker image.
ClassScores by_brightness(const Image& image) {
  const cv::Scalar means = cv::mean(image);
  const double mean = (means[0] + means[1] + means[2]) / image.channels();
  const auto bright = static_cast<float>(0.9 / (1 + std::exp((150 - mean) / 8)));
  return {bright, 0.1F, 0.9F - bright};
}
ClassScores brightness(const Image& image, std::size_t) {
  return by_brightness(image);
}

double gap(const Image& image) {
  const ClassScores scores = by_brightness(image);
  return std::abs(scores[0] - scores[2]);
}

struct Searched {
  std::vector<Image> mutants;       // all of them, in their order
  std::vector<double> generations;  // of each mutant
  std::vector<std::size_t> slices;  // mutants of each propose() that gave any
};

void ask(Chain& chain, const Original& original, Searched& searched) {
  std::vector<Image> mutants;
  test::NoGradients gradients;
  chain.propose(mutants, gradients);
  std::vector<ClassScores> scores;
  for (std::size_t k = 0; k < mutants.size(); ++k) {
    scores.push_back(original(mutants[k], searched.mutants.size()));
    searched.mutants.push_back(mutants[k].clone());
    searched.generations.push_back(chain.history(k).front().strength);
  }
  if (mutants.empty()) return;
  searched.slices.push_back(mutants.size());
  const ClassScores compressed = sure();
  std::vector<Answer> answers;
  for (const ClassScores& row : scores)
    answers.push_back({{row.data(), 3}, {compressed.data(), 3}});
  chain.observe(answers);
}

Seed grey_seed(int value = 90, const std::string& id = "grey") {
  return {id, Image(32, 32, CV_8UC1, cv::Scalar(value)), std::nullopt};
}

Options diffchaser() {
  return Options().strategy("diffchaser").queries(4 * static_cast<int>(kChildren));
}

Searched search(const Options& options, const Seed& seed, const Original& original = brightness) {
  const auto strategy = make_strategy(options);
  const ClassScores first = by_brightness(seed.image), compressed = sure();
  const auto chain = strategy->start(seed, {{first.data(), 3}, {compressed.data(), 3}});
  Searched searched;
  for (int round = 0; round < options.queries(); ++round) ask(*chain, original, searched);
  return searched;
}

bool same_mutants(const Searched& a, const Searched& b) {
  return std::equal(a.mutants.begin(), a.mutants.end(), b.mutants.begin(), b.mutants.end(),
                    same_pixels);
}

TEST(Diffchaser, AsksForAGenerationAtATimeAndEndsWithinOneAfterItsQueries) {
  const Searched searched = search(diffchaser().queries(19), grey_seed());
  EXPECT_EQ(searched.slices, (std::vector<std::size_t>{8, 8, 3}));
  EXPECT_EQ(searched.generations, (std::vector<double>{1, 1, 1, 1, 1, 1, 1, 1, 2, 2,  //
                                                       2, 2, 2, 2, 2, 2, 3, 3, 3}));
  EXPECT_EQ(search(diffchaser().queries(2), grey_seed()).mutants.size(), 2U);
}

TEST(Diffchaser, CutsGenerationsIntoBatches) {
  const Searched searched = search(diffchaser().queries(20).batch(3), grey_seed());
  EXPECT_EQ(searched.slices, (std::vector<std::size_t>{3, 3, 2, 3, 3, 2, 3, 1}));
  EXPECT_TRUE(same_mutants(searched, search(diffchaser().queries(20).batch(500), grey_seed())));
}

TEST(Diffchaser, DependsOnRngSeedIdAndAnswersAlone) {
  const Searched once = search(diffchaser(), grey_seed());
  EXPECT_TRUE(same_mutants(once, search(diffchaser(), grey_seed())));
  EXPECT_FALSE(same_mutants(once, search(diffchaser().rng_seed(2), grey_seed())));
  EXPECT_FALSE(same_mutants(once, search(diffchaser(), grey_seed(90, "other"))));

  const Searched unanswered =
      search(diffchaser(), grey_seed(), [](const Image&, std::size_t) { return sure(); });
  const auto both = [&](std::size_t k) {
    return same_pixels(once.mutants[k], unanswered.mutants[k]);
  };
  EXPECT_TRUE(both(kChildren - 1));
  EXPECT_FALSE(both(kChildren) && both(kChildren + 1) && both(kChildren + 2));
}

TEST(Diffchaser, LeavesTheSeedImageAlone) {
  const Image around = test::picture(40, 40, 1);
  const Image before = around.clone();
  search(diffchaser(), {"part", around(cv::Rect(3, 5, 30, 20)), std::nullopt});
  EXPECT_TRUE(same_pixels(around, before));
}

/// The mean of a generation's gaps.
double gap(const Searched& searched, std::size_t generation) {
  double sum = 0;
  for (std::size_t k = 0; k < kChildren; ++k)
    sum += gap(searched.mutants[(generation - 1) * kChildren + k]);
  return sum / kChildren;
}

TEST(Diffchaser, MovesTowardsTheBoundary) {
  const Searched searched = search(diffchaser().queries(60 * kChildren), grey_seed(120));
  EXPECT_GT(gap(searched, 1), 0.8);
  EXPECT_LT(gap(searched, 30), gap(searched, 1) - 0.1);
  EXPECT_LT(gap(searched, 60), 0.3);
}

/// The share of what `ancestor` changed in the grey seed image that is found in `mutant`.
double inherited(const Image& ancestor, const Image& mutant, int seed_value) {
  const cv::Mat changed = ancestor != seed_value;
  const cv::Mat kept = changed & (ancestor == mutant);
  return static_cast<double>(cv::countNonZero(kept)) / cv::countNonZero(changed);
}

TEST(Diffchaser, KeepsTheBestOneAndDoesNotAskForItAgain) {
  constexpr std::size_t kBest = 5;
  const Searched searched =
      search(diffchaser().queries(40 * kChildren), grey_seed(),
             [](const Image&, std::size_t k) { return k == kBest ? torn() : less_torn(); });
  const Image& best = searched.mutants[kBest];
  double largest = 0;
  for (std::size_t k = 0; k < searched.mutants.size(); ++k) {
    EXPECT_EQ(same_pixels(best, searched.mutants[k]), k == kBest) << k;
    if (k >= 30 * kChildren) largest = std::max(largest, inherited(best, searched.mutants[k], 90));
  }
  // Nobody but itself could hand down so much of it thirty generations later.
  EXPECT_GT(largest, 0.7);
}

TEST(Diffchaser, StaysWithinTheConstraints) {
  const Seed seed{"a", test::picture(24, 24, 1), std::nullopt};
  const Searched free = search(diffchaser(), seed);
  const Options limited = diffchaser().l_inf(20).changed_pixels(30);
  const auto allowed = [&](const Image& mutant) {
    return limited.constraints().allow(seed.image, mutant);
  };
  EXPECT_TRUE(std::none_of(free.mutants.begin(), free.mutants.end(), allowed));
  const Searched within = search(limited, seed);
  EXPECT_EQ(within.mutants.size(), 4 * kChildren);
  EXPECT_TRUE(std::all_of(within.mutants.begin(), within.mutants.end(), allowed));
}

TEST(Diffchaser, ChangesAllChannelsOfColourImages) {
  const Seed seed{"colour", Image(20, 30, CV_8UC3, cv::Scalar(10, 120, 240)), std::nullopt};
  const Searched searched = search(diffchaser(), seed);
  for (const Image& mutant : searched.mutants) {
    ASSERT_EQ(mutant.type(), CV_8UC3);
    ASSERT_EQ(size_of(mutant), size_of(seed.image));
    // Three or four generations change 5 % each of the values at most.
    EXPECT_LT(changed_pixels(seed.image, mutant), 20 * 30 / 2);
    for (int channel = 0; channel < 3; ++channel) {
      cv::Mat values;
      cv::extractChannel(mutant, values, channel);
      EXPECT_GT(cv::countNonZero(values != seed.image.at<cv::Vec3b>(0, 0)[channel]), 5);
    }
  }
}

}  // namespace
}  // namespace dflare
