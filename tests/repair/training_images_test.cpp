#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <opencv2/core.hpp>
#include <vector>

#include "data/images.hpp"
#include "dflare/error.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare::repair {
namespace {

using test::message_of;
using test::picture;
using testing::HasSubstr;

constexpr int side = 12;
constexpr std::uint64_t rng_seed = 7;

/// Seeds of one colour each, by which they are known again: 10, 12, 14, ...
std::vector<Example> plain(int count, std::optional<int> label = 3) {
  std::vector<Example> seeds;
  for (int i = 0; i < count; ++i)
    seeds.push_back({Image(side, side, CV_8UC1, cv::Scalar(10 + 2 * i)), label});
  return seeds;
}

std::vector<Example> pictures(int count, int channels = 1) {
  std::vector<Example> seeds;
  for (int i = 0; i < count; ++i) seeds.push_back({picture(side, side, channels, i), i % 10});
  return seeds;
}

Mix only(double Mix::*share) {
  Mix mix{0, 0, 0, 0, 0};
  mix.*share = 1;
  return mix;
}

/// Findings of regrets 0, 1 / count, ..., in an order of no meaning; grey level 100 + rank.
std::vector<TrainingFinding> findings(int count) {
  std::vector<TrainingFinding> all;
  for (int i = 0; i < count; ++i) {
    const int rank = i * 7 % count;
    all.push_back({Image(side, side, CV_8UC1, cv::Scalar(100 + rank)), 5,
                   1 - static_cast<double>(rank) / count});
  }
  return all;
}

int grey_of(const Example& example) {
  return example.image.at<std::uint8_t>(0, 0);
}

bool same(const std::vector<Example>& a, const std::vector<Example>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Example& x, const Example& y) {
    return x.label == y.label && same_pixels(x.image, y.image);
  });
}

bool among(const Image& image, const std::vector<Example>& examples) {
  return std::any_of(examples.begin(), examples.end(),
                     [&](const Example& e) { return same_pixels(e.image, image); });
}

int count_of_findings(const std::vector<Example>& batch) {
  return static_cast<int>(
      std::count_if(batch.begin(), batch.end(), [](const Example& e) { return e.label == 5; }));
}

TEST(TrainingImages, ABatchDependsOnSeedNameAndNumberAlone) {
  TrainingImages images(pictures(9), Mix{}, rng_seed, "repair");
  images.set_findings(findings(5));
  const auto third = images.batch(3, 40);
  images.batch(4, 40);
  EXPECT_TRUE(same(third, images.batch(3, 40)));
  EXPECT_FALSE(same(third, images.batch(4, 40)));

  TrainingImages again(pictures(9), Mix{}, rng_seed, "repair");
  again.set_findings(findings(5));
  EXPECT_TRUE(same(third, again.batch(3, 40)));
  TrainingImages control(pictures(9), Mix{}, rng_seed, "control");
  control.set_findings(findings(5));
  EXPECT_FALSE(same(third, control.batch(3, 40)));
  TrainingImages other(pictures(9), Mix{}, rng_seed + 1, "repair");
  other.set_findings(findings(5));
  EXPECT_FALSE(same(third, other.batch(3, 40)));
}

TEST(TrainingImages, BatchesOfLaterRoundsAreMadeToo) {
  const TrainingImages images(pictures(9), Mix{}, rng_seed, "repair");
  EXPECT_EQ(images.batch(2'000'000'000, 40).size(), 40u);
}

TEST(TrainingImages, SharesHoldInEveryBatch) {
  Mix mix{2, 0, 0, 0, 1};
  TrainingImages images(plain(5), mix, rng_seed, "repair");
  images.set_findings(findings(5));
  for (int number = 0; number < 5; ++number) {
    const auto batch = images.batch(number, 128);
    EXPECT_EQ(batch.size(), 128u);
    EXPECT_EQ(count_of_findings(batch), 43);  // 42.67
  }
}

TEST(TrainingImages, SharesOfWhatThereIsNoneOfGoToTheOthersInProportion) {
  const Mix mix{0.3, 0.3, 0, 0.1, 0.3};
  const TrainingImages images(plain(1), mix, rng_seed, "repair");
  const auto batch = images.batch(0, 400);
  EXPECT_EQ(batch.size(), 400u);
  // One seed and no findings: clean to mutants as 3 to 1.
  for (int i = 0; i < 300; ++i) ASSERT_EQ(grey_of(batch[static_cast<std::size_t>(i)]), 10);
  EXPECT_FALSE(std::all_of(batch.begin() + 300, batch.end(),
                           [&](const Example& e) { return same_pixels(e.image, batch[0].image); }));
}

TEST(TrainingImages, CleanOnesWhereNothingElseIsLeft) {
  const TrainingImages images(plain(3), only(&Mix::findings), rng_seed, "repair");
  for (const Example& example : images.batch(0, 20)) EXPECT_TRUE(among(example.image, plain(3)));
}

TEST(TrainingImages, AllSeedsAreSeenAboutEquallyOften) {
  const TrainingImages images(plain(30), only(&Mix::clean), rng_seed, "repair");
  std::map<int, int> seen;
  std::vector<int> order;
  for (int number = 0; number < 9; ++number) {
    for (const Example& example : images.batch(number, 20)) {
      EXPECT_EQ(example.label, 3);
      ++seen[grey_of(example)];
      order.push_back(grey_of(example));
    }
  }
  ASSERT_EQ(seen.size(), 30u);  // 180 images
  for (const auto& [grey, times] : seen) EXPECT_EQ(times, 6) << grey;
  EXPECT_FALSE(std::equal(order.begin(), order.begin() + 30, order.begin() + 30));
}

TEST(TrainingImages, BlendsLieBetweenTwoSeedsAndAreLabelledWhereOneOfThemPrevails) {
  std::vector<Example> seeds = {{Image(side, side, CV_8UC1, cv::Scalar(0)), 0},
                                {Image(side, side, CV_8UC1, cv::Scalar(200)), 1}};
  const TrainingImages images(seeds, only(&Mix::blends), rng_seed, "repair");
  int labelled = 0, dithered = 0;
  for (const Example& example : images.batch(0, 400)) {
    double low = 0, high = 0;
    cv::minMaxLoc(example.image, &low, &high);
    EXPECT_LE(high - low, 1);  // two seeds of one colour, rounded up or down
    dithered += high > low ? 1 : 0;
    const double share_of_first = 1 - cv::mean(example.image)[0] / 200;
    if (!example.label) continue;
    ++labelled;
    EXPECT_GE(*example.label == 0 ? share_of_first : 1 - share_of_first, 0.745);
  }
  EXPECT_NEAR(labelled, 100, 35);
  EXPECT_GT(dithered, 300);
}

TEST(TrainingImages, ABlendIsOfTwoDifferentSeeds) {
  const TrainingImages images(pictures(2), only(&Mix::blends), rng_seed, "repair");
  for (const Example& example : images.batch(0, 100))
    EXPECT_TRUE(!example.image.empty() && example.image.type() == CV_8UC1);
  std::vector<Example> seeds = plain(2);
  seeds[1].image.setTo(210);
  const TrainingImages two(seeds, only(&Mix::blends), rng_seed, "repair");
  const auto batch = two.batch(0, 200);
  EXPECT_LT(std::count_if(batch.begin(), batch.end(),
                          [](const Example& e) { return grey_of(e) <= 10 || grey_of(e) >= 210; }),
            8);
}

TEST(TrainingImages, TransformationsAndMutantsKeepLabelSizeAndChannels) {
  for (const auto share : {&Mix::transformations, &Mix::mutants}) {
    const auto seeds = pictures(20, 3);
    const TrainingImages images(seeds, only(share), rng_seed, "repair");
    int changed = 0;
    for (const Example& example : images.batch(0, 60)) {
      ASSERT_EQ(example.image.type(), CV_8UC3);
      ASSERT_EQ(size_of(example.image), (ImageSize{side, side}));
      ASSERT_TRUE(example.label.has_value());
      const Image& seed = seeds[static_cast<std::size_t>(*example.label)].image;
      const Image& other = seeds[static_cast<std::size_t>(*example.label) + 10].image;
      changed += same_pixels(example.image, seed) || same_pixels(example.image, other) ? 0 : 1;
    }
    EXPECT_GE(changed, 50);
  }
}

TEST(TrainingImages, SeedsAreNotChanged) {
  const auto seeds = pictures(6), before = pictures(6);
  TrainingImages images(seeds, Mix{}, rng_seed, "repair");
  images.set_findings({{picture(side, side, 1, 8), {}, 0.1}});
  images.batch(0, 300);
  for (std::size_t i = 0; i < seeds.size(); ++i)
    EXPECT_TRUE(same_pixels(seeds[i].image, before[i].image));
}

TEST(TrainingImages, FindingsOfLargerRegretComeMoreOften) {
  TrainingImages images(plain(2), only(&Mix::findings), rng_seed, "repair");
  images.set_findings(findings(100));
  std::array<int, 4> quarters{};
  for (const Example& example : images.batch(0, 4000)) {
    EXPECT_EQ(example.label, 5);
    ++quarters[static_cast<std::size_t>((grey_of(example) - 100) / 25)];
  }
  // P(place < q) = q^(2/3).
  EXPECT_NEAR(quarters[0], 1587, 120);
  EXPECT_NEAR(quarters[1], 933, 120);
  EXPECT_NEAR(quarters[2], 782, 120);
  EXPECT_NEAR(quarters[3], 698, 120);
}

TEST(TrainingImages, FindingsMayBeReplaced) {
  TrainingImages images(plain(2), only(&Mix::findings), rng_seed, "repair");
  images.set_findings(findings(4));
  EXPECT_EQ(count_of_findings(images.batch(0, 10)), 10);
  images.set_findings({});
  EXPECT_EQ(count_of_findings(images.batch(0, 10)), 0);
}

TEST(TrainingImages, UnknownLabelsStayUnknown) {
  const TrainingImages images(plain(4, std::nullopt), Mix{}, rng_seed, "repair");
  for (const Example& example : images.batch(0, 50)) EXPECT_FALSE(example.label.has_value());
}

TEST(TrainingImages, SaysWhatIsWrongWithTheSeeds) {
  const auto make = [](std::vector<Example> seeds) {
    return message_of<ConfigError>([&] { TrainingImages(seeds, Mix{}, rng_seed, "repair"); });
  };
  EXPECT_THAT(make({}), HasSubstr("no training seeds; expected at least one"));
  const auto two = [&](const Image& second) {
    return make({{picture(side, side, 1), 0}, {second, 0}});
  };
  EXPECT_THAT(two(picture(side, 14, 1)), HasSubstr("12 x 12 x 1, another 12 x 14 x 1"));
  EXPECT_THAT(two(picture(side, side, 3)), HasSubstr("12 x 12 x 1, another 12 x 12 x 3"));
  EXPECT_THAT(message_of<ConfigError>([&] {
                TrainingImages images(plain(2), Mix{}, rng_seed, "repair");
                images.set_findings({{picture(28, 28, 1), 0, 0.5}});
              }),
              HasSubstr("12 x 12 x 1, a finding 28 x 28 x 1"));
}

}  // namespace
}  // namespace dflare::repair
