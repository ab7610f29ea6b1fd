#include "examination/criterion_fits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "examination/pairs.hpp"

namespace dflare {
namespace {

using test::Quarters;
using test::refusal;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST(CriterionFits, ACriterionThatNothingCanMeetIsAnError) {
  const auto flat = test::each([](float v) { return v / 500 - 1; });
  Quarters original(flat), compressed(flat);
  const std::string said = refusal(original, compressed, test::quarters(60), everyday());
  EXPECT_THAT(said, AllOf(HasSubstr("'regret >= 0.2' can never be met"),
                          HasSubstr("every compressed model would pass")));
  Quarters works;
  EXPECT_EQ(refusal(works, compressed, test::quarters(60), everyday()), "nothing was thrown");
}

/// The brightest quarter's class a little above two others, and the next one's far below.
Quarters::Answers undecided(float top, float near, float far) {
  return [=](std::vector<float> logits, std::size_t, std::size_t) {
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    std::vector<float> scores(4, near);
    scores[static_cast<std::size_t>(best)] = top;
    scores[static_cast<std::size_t>((best + 1) % 4)] = far;
    return scores;
  };
}

TEST(CriterionFits, ACriterionThatOverlooksTheSecondChoiceIsAnError) {
  Quarters original(undecided(0.5F, 0.4F, -5)), compressed(undecided(0.5F, 0.4F, -5));
  const SeedSet seeds = test::quarters(60);
  EXPECT_THAT(refusal(original, compressed, seeds, everyday()),
              AllOf(HasSubstr("'regret >= 0.2' overlooks too much: on 24 of 24 seed inputs"),
                    HasSubstr("not divided, not softened"), HasSubstr("accept_original")));
  EXPECT_THAT(examine(original, compressed, seeds, everyday().accept_original(true)).remarks,
              Contains(HasSubstr("overlooks too much")));
  EXPECT_EQ(refusal(original, compressed, seeds, everyday().regret(0.02)), "nothing was thrown");
  EXPECT_EQ(refusal(original, compressed, seeds), "nothing was thrown");
  EXPECT_EQ(refusal(original, compressed, test::quarters(7), everyday()), "nothing was thrown");
}

TEST(CriterionFits, SigmoidsThatAreNearOneForSeveralClassesAreAnError) {
  Quarters original(undecided(1, 0.9F, 0)), compressed(undecided(1, 0.9F, 0));
  EXPECT_THAT(refusal(original, compressed, test::quarters(60), everyday()),
              AllOf(HasSubstr("overlooks too much"), HasSubstr("export the scores before them")));
  Quarters sure(undecided(1, 0.6F, 0)), other(undecided(1, 0.6F, 0));
  EXPECT_EQ(refusal(sure, other, test::quarters(60), everyday()), "nothing was thrown");
}

/// Of ten rows, `flat` prefer their label by 0.1 over the second choice, the others by 0.6.
std::string overlooked_of_ten(std::size_t flat, bool sigmoids) {
  static const std::vector<float> undecided{0.5F, 0.4F, 0.1F}, decided{0.8F, 0.2F, 0.0F};
  std::vector<Judged> seeds;
  for (std::size_t i = 0; i < 10; ++i) {
    const ScoreRow row{(i < flat ? undecided : decided).data(), 3};
    seeds.push_back({{row, row}, {}});
  }
  return what_is_overlooked(Criteria::parse("regret >= 0.2"), seeds, sigmoids);
}

TEST(CriterionFits, HowManyUndecidedAnswersAreTooMany) {
  EXPECT_EQ(overlooked_of_ten(7, false), "");
  EXPECT_THAT(overlooked_of_ten(8, false), HasSubstr("on 8 of 10"));
  EXPECT_EQ(overlooked_of_ten(3, true), "");
  EXPECT_THAT(overlooked_of_ten(4, true), HasSubstr("on 4 of 10"));
}

/// Says the class after the one that it should.
std::vector<float> rolled(std::vector<float> logits, float divided) {
  std::rotate(logits.begin(), logits.end() - 1, logits.end());
  for (float& value : logits) value /= divided;
  return logits;
}

TEST(CriterionFits, NoConditionBesidesItHidesACriterionThatNothingCanMeet) {
  const auto flat = test::each([](float v) { return v / 500 - 1; });
  Quarters original(flat);
  Quarters compressed([](std::vector<float> logits, std::size_t, std::size_t) {
    for (float& value : logits) value = value / 500 - 1;
    return rolled(logits, 1);
  });
  for (const char* criterion : {"regret >= 0.2 and harmful", "regret >= 0.2 and targeted = 0 1"}) {
    EXPECT_THAT(refusal(original, compressed, test::quarters(60),
                        everyday().criterion(Criteria::parse(criterion))),
                HasSubstr("can never be met"))
        << criterion;
  }
}

TEST(CriterionFits, OneSureImageDoesNotHideThatAllOthersAreUndecided) {
  // Sure of white alone.
  const auto flat = [](std::vector<float> logits, std::size_t, std::size_t) {
    const bool white = *std::min_element(logits.begin(), logits.end()) > 15;
    for (float& value : logits) value /= white ? 1 : 500;
    if (white) logits[2] += 9;
    return logits;
  };
  Quarters original(flat), compressed(flat);
  EXPECT_THAT(refusal(original, compressed, test::quarters(60), everyday()),
              HasSubstr("can never be met: on none of 24 images"));
}

TEST(CriterionFits, ACriterionThatDoesNotSeeOtherLabelsIsAnError) {
  // The original is sure, and the compressed model says another class each time without being so.
  Quarters original;
  Quarters compressed([](std::vector<float> logits, std::size_t, std::size_t) {
    return rolled(std::move(logits), 1000);
  });
  const SeedSet seeds = test::quarters(60);
  for (const char* criterion : {"margin >= 0.2", "total_variation >= 0.9"}) {
    EXPECT_THAT(
        refusal(original, compressed, seeds, Options().criterion(Criteria::parse(criterion))),
        AllOf(HasSubstr("of 24 seed inputs the models agree on 0"),
              HasSubstr("met on 0 of the 24 others"), HasSubstr("judge by regret")))
        << criterion;
  }
  // By regret the search says it.
  EXPECT_EQ(refusal(original, compressed, seeds, everyday()), "nothing was thrown");
  EXPECT_EQ(refusal(original, compressed, seeds), "nothing was thrown");
}

}  // namespace
}  // namespace dflare
