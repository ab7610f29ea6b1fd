// Compressed models that are broken, and such as only look different: what everyday() makes of
// them.

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/core.hpp>

#include "dflare/statistics.hpp"
#include "search/linear_model.hpp"
#include "search/searching.hpp"

namespace dflare {
namespace {

using test::FakeModel;
using test::pictures;
using test::Recorder;

constexpr int kClasses = 6;
constexpr int kSeeds = 60;

FakeModel::Function scaled(const FakeModel::Function& model, float by) {
  return [=](const Image& image, std::size_t place, std::size_t size) {
    std::vector<float> logits = model(image, place, size);
    for (float& logit : logits) logit *= by;
    return logits;
  };
}

FakeModel::Function original() {
  return scaled(test::linear(kClasses), 4);  // so that it is sure of most
}

/// Class c says what the original says of class c - 1.
std::vector<float> rolled(const Image& image, std::size_t place, std::size_t size) {
  std::vector<float> logits = original()(image, place, size);
  std::rotate(logits.begin(), logits.end() - 1, logits.end());
  return logits;
}

std::vector<float> dead(const Image&, std::size_t, std::size_t) {
  return std::vector<float>(kClasses, 1.5F);
}

/// Dead on half of the images.
std::vector<float> half_dead(const Image& image, std::size_t place, std::size_t size) {
  return image.at<unsigned char>(0, 0) % 2 == 0 ? dead(image, place, size)
                                                : original()(image, place, size);
}

/// Other weights, of which nothing is known.
std::vector<float> untrained(const Image& image, std::size_t place, std::size_t size) {
  Image turned;
  cv::flip(image, turned, -1);
  return scaled(original(), 0.01F)(turned, place, size);
}

/// Two classes have the same weights.
std::vector<float> with_a_twin(const Image& image, std::size_t place, std::size_t size) {
  std::vector<float> logits = original()(image, place, size);
  const float larger = std::max(logits[0], logits[1]);
  logits[0] = logits[1] = larger;
  return logits;
}

Summary searched(const FakeModel::Function& compressed, const Options& options) {
  FakeModel o(original(), "original", Output::logits), c(compressed, "compressed", Output::logits);
  return summarise(search(o, c, pictures(kSeeds), options));
}

TEST(BrokenModels, AreFoundOnNearlyEverySeedInputAsItIs) {
  for (const auto& broken : std::vector<FakeModel::Function>{dead, rolled, untrained}) {
    const Summary s = searched(broken, everyday());
    EXPECT_GE(s.rate, 0.95);
    EXPECT_GE(s.as_it_is, kSeeds * 7 / 10);
    EXPECT_LT(s.agreed, kSeeds / 3U);
  }
  EXPECT_EQ(searched(dead, everyday()).agreed, 0U);
  EXPECT_EQ(searched(dead, everyday()).as_it_is, static_cast<std::size_t>(kSeeds));
}

TEST(BrokenModels, AreFoundByFewQueriesToo) {
  EXPECT_EQ(searched(dead, everyday().queries(1)).rate, 1);
  EXPECT_GE(searched(rolled, everyday().queries(1)).rate, 0.9);
  EXPECT_GE(searched(untrained, everyday().queries(1)).rate, 0.7);
  EXPECT_GE(searched(half_dead, everyday().queries(4)).rate, 0.9);
}

TEST(BrokenModels, DeviateByLabelAsWell) {
  EXPECT_EQ(searched(dead, Options().queries(20)).rate, 1);
  EXPECT_GE(searched(half_dead, Options().queries(20)).rate, 0.95);
  const Summary twin = searched(with_a_twin, Options().queries(100));
  EXPECT_GE(twin.as_it_is, kSeeds / 10U);
}

TEST(BrokenModels, HaveNoMargin) {
  // Which is why it is not what everyday() asks for.
  const Options by_margin = everyday().criterion(Criteria::parse("margin >= 0.2"));
  EXPECT_EQ(searched(dead, by_margin).rate, 0);
  EXPECT_LE(searched(untrained, by_margin).rate, 0.1);
}

TEST(FlatModels, AreNoFault) {
  for (const float by : {0.05F, 20.0F}) {
    for (const Options& options : {everyday(), everyday().objective(Objective::worst)}) {
      const Summary s = searched(scaled(original(), by), options);
      EXPECT_EQ(s.rate, 0) << by;
      EXPECT_EQ(s.mean_worst_regret, 0) << by;
      EXPECT_EQ(s.agreed, static_cast<std::size_t>(kSeeds)) << by;
    }
  }
}

TEST(FlatModels, AreSearchedAsTheSameOnesWithSureScores) {
  const auto faulty = scaled(test::linear(kClasses, 0.3), 4);
  for (const Options& options : {everyday(), everyday().objective(Objective::worst)}) {
    const Summary s = searched(faulty, options);
    EXPECT_GT(s.found, 5U);
    for (const float by : {0.05F, 20.0F}) {
      const Summary other = searched(scaled(faulty, by), options);
      EXPECT_NEAR(other.rate, s.rate, 0.05) << by;
      EXPECT_NEAR(other.mean_worst_regret, s.mean_worst_regret, 0.02) << by;
      EXPECT_EQ(other.agreed, s.agreed) << by;
    }
  }
}

TEST(MeanWorstRegret, RanksFromLosslessToBroken) {
  double last = -1;
  for (const double perturbation : {0.0, 0.1, 0.3, 1.0}) {
    const Summary s = searched(scaled(test::linear(kClasses, perturbation), 4),
                               everyday().objective(Objective::worst).criterion({}));
    EXPECT_GT(s.mean_worst_regret, last) << perturbation;
    last = s.mean_worst_regret;
  }
  for (const auto& broken : std::vector<FakeModel::Function>{rolled, untrained, dead}) {
    const Summary s = searched(broken, everyday().objective(Objective::worst).criterion({}));
    EXPECT_GT(s.mean_worst_regret, last);
  }
}

TEST(BrokenModels, AreNamedByTheClassThatTheOriginalLikesLeast) {
  FakeModel o(original(), "original", Output::logits), c(dead, "compressed", Output::logits);
  Recorder recorder;
  const SearchResult result = search(o, c, pictures(5), everyday(), &recorder);
  for (const SeedResult& seed : result.seeds) {
    const Deviation& found = recorder.deviations.at(seed.position);
    const auto least =
        std::min_element(found.original_scores.begin(), found.original_scores.end()) -
        found.original_scores.begin();
    EXPECT_EQ(seed.compressed_label, least);
    EXPECT_EQ(found.compressed_label, least);
    EXPECT_NE(seed.compressed_label, seed.original_label);
    EXPECT_NEAR(seed.regret,
                found.original_scores[static_cast<std::size_t>(seed.original_label)] -
                    found.original_scores[static_cast<std::size_t>(least)],
                1e-6);
    EXPECT_EQ(found.regret, seed.regret);
    EXPECT_TRUE(found.as_it_is);
  }
}

}  // namespace
}  // namespace dflare
