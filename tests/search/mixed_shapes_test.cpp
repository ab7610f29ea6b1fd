#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "dflare/search.hpp"
#include "search/searching.hpp"
#include "support/images.hpp"

namespace dflare {
namespace {

/// Seed inputs that models of images of any size and number of channels take.
SeedSet of_many_shapes() {
  std::vector<Image> images;
  for (int i = 0; i < 12; ++i) {
    Image image = test::picture(9 + i % 3, 8 + i % 4, i % 2 == 0 ? 1 : 3, i);
    // Some darker and some brighter, so that ways between them cross the boundary.
    image.convertTo(image, -1, 0.5, i % 5 < 2 ? 100 : 40);
    images.push_back(image);
  }
  return SeedSet::images(images);
}

class SeedsOfManyShapes : public testing::TestWithParam<Options> {};

TEST_P(SeedsOfManyShapes, AreSearchedWithoutAnError) {
  test::FakeModel original(test::brightness(0.5)), compressed(test::brightness(0.52));
  test::Recorder recorder;
  const SearchResult result = search(original, compressed, of_many_shapes(), GetParam(), &recorder);
  EXPECT_EQ(result.count(Outcome::error), 0U);
  for (const auto& [position, failure] : recorder.failures)
    ADD_FAILURE() << position << ": " << failure.message;
  for (const auto& [position, found] : recorder.deviations) {
    EXPECT_EQ(size_of(found.mutant), size_of(found.seed.image)) << position;
    EXPECT_EQ(found.mutant.type(), found.seed.image.type()) << position;
  }
  EXPECT_GT(result.count(Outcome::found), 0U);
}

Options with(const std::string& strategy) {
  return Options().strategy(strategy).queries(60).workers(1);
}

INSTANTIATE_TEST_SUITE_P(
    All, SeedsOfManyShapes,
    testing::Values(with("boundary"), with("boundary").objective(Objective::worst),
                    with("boundary").objective(Objective::worst).queries(200),
                    with("boundary").objective(Objective::closest),
                    with("boundary").path(PathKind::blend).minimise(true),
                    with("boundary").path(PathKind::transform),
                    with("boundary").path(PathKind::mutation),
                    with("boundary").objective(Objective::worst).rotate(10).brightness(30),
                    with("dflare"), with("diffchaser").queries(500), with("random")),
    [](const auto& test) { return test.param.strategy() + "_" + std::to_string(test.index); });

}  // namespace
}  // namespace dflare
