#include "weights/kept/kept.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "weights/kept/grid.hpp"
#include "weights/kept/zeros.hpp"

namespace dflare::repair {
namespace {

at::Tensor random_weight(at::IntArrayRef shape) {
  at::manual_seed(7);
  return at::randn(shape) * 0.2;
}

at::Tensor on_grid(const at::Tensor& weight, int bits) {
  const double scale = weight.abs().max().item<double>() / ((1 << (bits - 1)) - 1);
  return (weight / scale).round() * scale;
}

at::Tensor on_grid_by_channel(const at::Tensor& weight, int bits) {
  at::Tensor result = weight.clone();
  for (std::int64_t c = 0; c < weight.size(0); ++c) result[c] = on_grid(weight[c], bits);
  return result;
}

TEST(Grid, OfATensorIsFoundWithItsBits) {
  for (const int bits : {2, 3, 4, 8}) {
    const at::Tensor weight = on_grid(random_weight({16, 6, 5, 5}), bits);
    const auto grid = find_grid(weight);
    ASSERT_TRUE(grid) << bits;
    EXPECT_EQ(grid->bits(), bits);
    EXPECT_FALSE(grid->per_channel());
    EXPECT_LE((grid->nearest(weight) - weight).abs().max().item<double>(), 1e-6);
  }
}

TEST(Grid, OfChannelsIsFound) {
  const at::Tensor weight = on_grid_by_channel(random_weight({16, 6, 5, 5}), 4);
  const auto grid = find_grid(weight);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->bits(), 4);
  EXPECT_TRUE(grid->per_channel());
  EXPECT_LE((grid->nearest(weight) - weight).abs().max().item<double>(), 1e-6);
}

TEST(Grid, FloatWeightsHaveNone) {
  EXPECT_FALSE(find_grid(random_weight({16, 6, 5, 5})));
  EXPECT_FALSE(find_grid(random_weight({6, 1, 3, 3})));
  at::Tensor pruned = random_weight({16, 40});
  pruned.masked_fill_(pruned.abs() < 0.2, 0);
  EXPECT_FALSE(find_grid(pruned));
  EXPECT_FALSE(find_grid(at::zeros({16, 40})));
  EXPECT_FALSE(find_grid(at::ones({3, 3}))) << "too small to tell";
  EXPECT_FALSE(find_grid(at::ones({300}))) << "a bias";
}

TEST(Grid, KeepsALowestLevelWithoutOpposite) {
  const at::Tensor weight = at::arange(-8, 8, at::kFloat).repeat({4, 1}) * 0.1F;
  const auto grid = find_grid(weight);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->low, -8);
  EXPECT_EQ(grid->high, 7);
  EXPECT_EQ(grid->bits(), 4);
}

TEST(Grid, TheShorterSideMayGrowAsFarAsTheLonger) {
  const at::Tensor weight = at::arange(-7, 5, at::kFloat).repeat({4, 1}) * 0.1F;
  const auto grid = find_grid(weight);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->low, -7);
  EXPECT_EQ(grid->high, 7);
}

const Grid half_steps{at::full({}, 0.5, at::kFloat), -2, 2};

TEST(Pruned, FloatZerosAre) {
  at::Tensor weight = random_weight({16, 40});
  EXPECT_FALSE(is_pruned(weight, nullptr));
  weight[3][5] = 0;
  EXPECT_TRUE(is_pruned(weight, nullptr));
}

TEST(Pruned, ZerosThatRoundingMadeAreNot) {
  const at::Tensor weight = on_grid(random_weight({16, 6, 5, 5}), 4);
  const auto grid = find_grid(weight);
  ASSERT_TRUE(grid);
  EXPECT_FALSE(is_pruned(weight, &*grid));
}

TEST(Pruned, ZerosOfAPrunedGridAre) {
  at::Tensor weight = random_weight({16, 6, 5, 5});
  weight.masked_fill_(weight.abs() < 0.15, 0);
  weight = on_grid(weight, 8);
  const auto grid = find_grid(weight);
  ASSERT_TRUE(grid);
  EXPECT_TRUE(is_pruned(weight, &*grid));
}

TEST(WeightRule, RoundsAndMasksAndLetsGradientsThrough) {
  WeightRule rule;
  rule.add(kept_grid, std::make_shared<StaysOnGrid>(half_steps));
  rule.add(kept_zeros, std::make_shared<ZerosStay>(at::tensor({1.0F, 1.0F, 1.0F, 0.0F})));
  const at::Tensor weight = at::tensor({0.7F, -0.2F, 9.0F, 0.9F}).set_requires_grad(true);
  const at::Tensor obeyed = rule.obeyed(weight);
  EXPECT_TRUE(at::equal(obeyed.detach(), at::tensor({0.5F, 0.0F, 1.0F, 0.0F}))) << obeyed;
  obeyed.sum().backward();
  EXPECT_TRUE(at::equal(weight.grad(), at::tensor({1.0F, 1.0F, 1.0F, 0.0F})));
}

TEST(WeightRule, WithoutRulesIsTheWeight) {
  const at::Tensor weight = random_weight({4, 4});
  EXPECT_TRUE(at::equal(WeightRule().obeyed(weight), weight));
  EXPECT_EQ(WeightRule().lost(weight), "");
}

TEST(WeightRule, SaysWhatIsLostZerosFirst) {
  WeightRule rule;
  rule.add(kept_grid, std::make_shared<StaysOnGrid>(half_steps));
  rule.add(kept_zeros, std::make_shared<ZerosStay>(at::tensor({1.0F, 0.0F, 0.0F})));
  EXPECT_EQ(rule.lost(at::tensor({0.5F, 0.0F, 0.0F})), "");
  EXPECT_EQ(rule.lost(at::tensor({0.7F, 0.0F, 0.0F})), "off its 3-bit grid");
  EXPECT_EQ(rule.lost(at::tensor({0.7F, 0.5F, -0.5F})), "2 zeros are gone");
}

TEST(Recognise, FindsWhatTheSettingsAllow) {
  at::Tensor weight = random_weight({16, 6, 5, 5});
  weight.masked_fill_(weight.abs() < 0.15, 0);
  weight = on_grid(weight, 8);
  const auto found = [&weight](Keep zeros, Keep grid, const Grid* packing = nullptr) {
    Kind kind;
    kind.zeros = zeros;
    kind.grid = grid;
    const WeightRule rule = recognise(weight, packing, kind);
    return std::make_pair(rule.of(kept_zeros) != nullptr, grid_in(rule) != nullptr);
  };
  EXPECT_EQ(found(Keep::automatic, Keep::automatic), std::make_pair(true, true));
  EXPECT_EQ(found(Keep::never, Keep::automatic), std::make_pair(false, true));
  EXPECT_EQ(found(Keep::automatic, Keep::never), std::make_pair(true, false));
  EXPECT_EQ(found(Keep::never, Keep::never), std::make_pair(false, false));
  // An int8 kernel holds nothing but its grid.
  EXPECT_EQ(found(Keep::never, Keep::never, &half_steps), std::make_pair(false, true));
}

TEST(Recognise, KeepsZerosOfRoundingWhereThatIsAskedFor) {
  const at::Tensor weight = on_grid(random_weight({16, 6, 5, 5}), 4);
  Kind kind;
  EXPECT_EQ(recognise(weight, nullptr, kind).of(kept_zeros), nullptr);
  EXPECT_FALSE(anything_must_stay(kind));
  kind.zeros = Keep::always;
  EXPECT_NE(recognise(weight, nullptr, kind).of(kept_zeros), nullptr);
  EXPECT_TRUE(anything_must_stay(kind));
}

}  // namespace
}  // namespace dflare::repair
