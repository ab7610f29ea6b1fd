#include "mutation/extents.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace dflare {
namespace {

constexpr std::size_t kRotate = 0, kRight = 1, kDown = 2, kScale = 3, kBrightness = 6;
constexpr int kDraws = 4000;
constexpr ImageSize kSize{28, 14};

Extents wide() {
  return Extents({}, kSize);
}

Shares all_of(double share) {
  Shares shares;
  shares.fill(share);
  return shares;
}

TEST(Extents, AreWideWhereNoRangeIsGiven) {
  const Transformation t = wide().transformation(all_of(1));
  EXPECT_EQ(t.rotate, 40);
  EXPECT_DOUBLE_EQ(t.right, 0.18 * 14);
  EXPECT_DOUBLE_EQ(t.down, 0.18 * 28);
  EXPECT_DOUBLE_EQ(t.scale, std::exp(0.45));
  EXPECT_EQ(t.shear, 0.45);
  EXPECT_DOUBLE_EQ(t.contrast, std::exp(0.7));
  EXPECT_EQ(t.brightness, 70);
  EXPECT_EQ(t.dither, 0U);
}

TEST(Extents, AreTheRangesGivenAndNothingElseThen) {
  TransformationRanges ranges;
  ranges.rotate = 10;
  ranges.scale = 1.1;
  const Extents extents(ranges, kSize);
  EXPECT_TRUE(extents.has(kRotate));
  EXPECT_TRUE(extents.has(kScale));
  EXPECT_FALSE(extents.has(kRight));
  EXPECT_FALSE(extents.has(kBrightness));
  const Transformation t = extents.transformation(all_of(1)),
                       back = extents.transformation(all_of(-1));
  EXPECT_EQ(t.rotate, 10);
  EXPECT_DOUBLE_EQ(t.scale, 1.1);
  EXPECT_EQ(back.rotate, -10);
  EXPECT_DOUBLE_EQ(back.scale, 1 / 1.1);
  for (const Transformation& none : {t, back}) {
    EXPECT_EQ(none.right, 0);
    EXPECT_EQ(none.down, 0);
    EXPECT_EQ(none.shear, 0);
    EXPECT_EQ(none.contrast, 1);
    EXPECT_EQ(none.brightness, 0);
  }
}

TEST(Extents, TakeTheNearerOfPixelsAndShareOfTheSide) {
  const auto reach = [](std::optional<double> pixels, std::optional<double> share) {
    TransformationRanges ranges;
    ranges.translate = pixels;
    ranges.translate_share = share;
    const Transformation t = Extents(ranges, kSize).transformation(all_of(1));
    return std::pair<double, double>(t.right, t.down);
  };
  using Reach = std::pair<double, double>;
  EXPECT_EQ(reach(3, {}), Reach(3, 3));
  EXPECT_EQ(reach({}, 0.25), Reach(3.5, 7));
  EXPECT_EQ(reach(5, 0.25), Reach(3.5, 5));
  EXPECT_EQ(reach(2, 0.5), Reach(2, 2));
  EXPECT_EQ(reach(100, {}), Reach(14, 28)) << "an image has left its frame after its side";
}

TEST(Extents, ScaleSharesDown) {
  const Transformation half = wide().transformation(all_of(1), 0.5);
  EXPECT_EQ(half.rotate, 20);
  EXPECT_DOUBLE_EQ(half.scale, std::exp(0.225));
  EXPECT_TRUE(wide().transformation(all_of(1), 0) == Transformation());
}

TEST(Extents, StrengthIsTheNormOfTheShares) {
  Shares shares{};
  EXPECT_EQ(wide().strength(wide().transformation(shares)), 0);
  shares[kRotate] = 0.3;
  shares[kScale] = -0.4;
  EXPECT_NEAR(wide().strength(wide().transformation(shares)), 0.5, 1e-12);
  EXPECT_NEAR(wide().strength(wide().transformation(shares, 0.5)), 0.25, 1e-12);
  EXPECT_NEAR(wide().strength(wide().transformation(all_of(-1))), std::sqrt(7), 1e-12);
  TransformationRanges ranges;
  ranges.rotate = 20;
  EXPECT_NEAR(Extents(ranges, kSize).strength(Extents(ranges, kSize).transformation(all_of(0.7))),
              0.7, 1e-12);
}

TEST(Extents, DrawsEachKindHalfOfTheTimeAndAtLeastOne) {
  Random random(1);
  std::array<int, 7> in{};
  for (int i = 0; i < kDraws; ++i) {
    const Shares shares = wide().draw(random, 0.5);
    int kinds = 0;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      if (shares[k] == 0) continue;
      ++in[k];
      ++kinds;
      EXPECT_GE(std::abs(shares[k]), 0.5);
      EXPECT_LE(std::abs(shares[k]), 1);
    }
    EXPECT_GT(kinds, 0);
    EXPECT_EQ(shares[kRight] == 0, shares[kDown] == 0) << "right and down are one translation";
  }
  // One of the 64 combinations of six kinds is none of them, which is drawn anew.
  for (const int count : in) EXPECT_NEAR(count, kDraws * 32.0 / 63, 130);
}

TEST(Extents, DrawsGoEitherWayEvenly) {
  Random random(2);
  int positive = 0, negative = 0;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double share = wide().draw_all(random, 0.6)[kRotate];
    (share > 0 ? positive : negative) += 1;
    sum += std::abs(share);
  }
  EXPECT_NEAR(positive, negative, 250);
  EXPECT_NEAR(sum / kDraws, 0.8, 0.01);
}

TEST(Extents, DrawOnlyWhatHasARange) {
  TransformationRanges ranges;
  ranges.translate = 2;
  ranges.brightness = 0;
  const Extents extents(ranges, kSize);
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    for (const Shares& shares : {extents.draw(random, 0.5), extents.draw_all(random, 0.5)}) {
      for (std::size_t k = 0; k < shares.size(); ++k)
        EXPECT_EQ(shares[k] != 0, k == kRight || k == kDown) << k;
    }
  }
}

TEST(Extents, WithoutAnyRangeAboveZeroDrawNothing) {
  TransformationRanges ranges;
  ranges.rotate = 0;
  const Extents extents(ranges, kSize);
  Random random(4);
  EXPECT_EQ(extents.draw(random, 0.5), Shares{});
  EXPECT_EQ(extents.draw_all(random, 0.5), Shares{});
}

TEST(Extents, DrawTheSameFromTheSameStream) {
  Random one(5), two(5), other(6);
  const Shares drawn = wide().draw(one, 0.5);
  EXPECT_EQ(drawn, wide().draw(two, 0.5));
  EXPECT_NE(drawn, wide().draw(other, 0.5));
}

}  // namespace
}  // namespace dflare
