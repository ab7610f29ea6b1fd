#include "dflare/criterion.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "dflare/random.hpp"
#include "support/message_of.hpp"

namespace dflare::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

/// Two models' scores, which live as long as it does.
struct Scores {
  std::vector<float> original, compressed;

  Answer answer() const {
    return {{original.data(), static_cast<int>(original.size())},
            {compressed.data(), static_cast<int>(compressed.size())}};
  }
};

bool met(const std::string& criterion, const Scores& scores, std::optional<int> true_label = {}) {
  return Criteria::parse(criterion).met(scores.answer(), true_label);
}
double progress(const std::string& criterion, const Scores& scores,
                std::optional<int> true_label = {}) {
  return Criteria::parse(criterion).progress(scores.answer(), true_label);
}
std::string refusal(const std::string& text) {
  return message_of<ConfigError>([&] { Criteria::parse(text); });
}

const Scores differ = {{0.75F, 0.25F, 0}, {0.25F, 0.5F, 0.25F}};
const Scores agree = {{0.75F, 0.25F, 0}, {0.5F, 0.25F, 0.25F}};
const Scores tied = {{0.375F, 0.3125F, 0.3125F}, {0.375F, 0.375F, 0.25F}};

TEST(Label, IsMetWhereTheLabelsHaveNoClassInCommon) {
  EXPECT_TRUE(met("label", differ));
  EXPECT_FALSE(met("label", agree));
  EXPECT_FALSE(met("label", tied));
  EXPECT_EQ(progress("label", differ), 0.25);
  EXPECT_EQ(progress("label", agree), 0);
  EXPECT_EQ(progress("label", tied), 0);
}

TEST(Margin, IsMetFromItsThresholdOn) {
  EXPECT_TRUE(met("margin >= 0.25", differ));
  EXPECT_EQ(progress("margin >= 0.25", differ), 0);
  EXPECT_FALSE(met("margin >= 0.26", differ));
  EXPECT_DOUBLE_EQ(progress("margin >= 0.5", differ), -0.25);
  EXPECT_FALSE(met("margin >= 1e-300", tied));
  EXPECT_FALSE(met("margin >= 1e-300", agree));
}

/// The compressed model ties all classes, and the original is sure, or hardly prefers its own.
const Scores dead = {{0.75F, 0.125F, 0.125F}, {0.25F, 0.25F, 0.25F}};
const Scores dead_at_a_boundary = {{0.375F, 0.375F, 0.25F}, {0.25F, 0.25F, 0.25F}};

TEST(Label, IsMetByATieWithAClassThatTheOriginalClearlyLikesLess) {
  EXPECT_TRUE(met("label", dead));
  EXPECT_NEAR(progress("label", dead), 0.425, 1e-12);
  EXPECT_FALSE(met("label", dead_at_a_boundary)) << "as 8-bit scores tie on a boundary";
  EXPECT_TRUE(met("label", {{0.71875F, 0.28125F, 0}, {0.5F, 0.5F, 0}}));
  EXPECT_FALSE(met("label", {{0.5625F, 0.4375F, 0}, {0.5F, 0.5F, 0}}));
  EXPECT_FALSE(met("label", {{0.5F, 0.5F, 0}, {0.5F, 0.5F, 0}})) << "the original ties on the same";
}

TEST(RegretAtLeast, IsMetFromItsThresholdOn) {
  EXPECT_TRUE(met("regret >= 0.5", differ));
  EXPECT_EQ(progress("regret >= 0.5", differ), 0);
  EXPECT_FALSE(met("regret >= 0.51", differ));
  EXPECT_DOUBLE_EQ(progress("regret >= 0.75", differ), -0.25);
  EXPECT_TRUE(met("regret >= 0.0625", tied)) << "ties count";
  EXPECT_FALSE(met("regret >= 0.063", tied));
  EXPECT_TRUE(met("regret >= 0.5", dead));
  EXPECT_FALSE(met("regret >= 1e-300", agree));
  EXPECT_EQ(Options().regret(0.25).criterion().text(), "regret >= 0.25");
}

TEST(TiedLabels, CountForAllConditionsThatSpeakOfLabels) {
  EXPECT_TRUE(met("harmful", dead, 0));
  EXPECT_FALSE(met("harmful", dead, 1)) << "the original is wrong";
  EXPECT_FALSE(met("harmful", dead_at_a_boundary, 0));
  EXPECT_TRUE(met("targeted = 0 2", dead));
  EXPECT_FALSE(met("targeted = 1 2", dead)) << "the original does not say that";
  EXPECT_FALSE(met("targeted = 0 1", dead_at_a_boundary));
  EXPECT_TRUE(met("top_k = 1", dead));
  EXPECT_TRUE(met("top_k = 2", dead));
  EXPECT_FALSE(met("top_k = 1", dead_at_a_boundary));
  for (const char* text : {"harmful", "targeted = 0 2"})
    EXPECT_NEAR(progress(text, dead, 0), 0.425, 1e-12) << text;
  EXPECT_GT(progress("top_k = 2", dead), 0);
}

TEST(TiedLabels, DoNotCountForAMarginWhichAsksBothToBeSure) {
  EXPECT_FALSE(met("margin >= 0.01", dead));
}

bool fixed(const std::string& criterion, const Scores& scores, std::optional<int> true_label = 0) {
  return Criteria::parse(criterion).fixed(scores.answer(), true_label);
}

TEST(Fixed, IsNotWhatADeadModelMakesOfADeviation) {
  for (const char* text : {"label", "harmful", "targeted = 0 2", "top_k = 1", "regret >= 0.1",
                           "label and harmful", "total_variation >= 0.3"}) {
    EXPECT_FALSE(fixed(text, dead)) << text;
    EXPECT_TRUE(fixed(text, {dead.original, dead.original})) << text;
  }
  // Small as the original's preference is, and though the search would not have found that.
  for (const char* text : {"label", "harmful", "targeted = 0 2", "top_k = 1"}) {
    EXPECT_FALSE(fixed(text, dead_at_a_boundary)) << text;
    EXPECT_FALSE(met(text, dead_at_a_boundary, 0)) << text;
  }
  EXPECT_TRUE(fixed("regret >= 0.2", dead_at_a_boundary)) << "below its bound";
  EXPECT_TRUE(fixed("margin >= 0.2", dead)) << "means what it meant";
}

TEST(Fixed, IsMetByNoConditionThatIsLeft) {
  EXPECT_FALSE(fixed("label", differ));
  EXPECT_TRUE(fixed("label", agree));
  EXPECT_FALSE(fixed("total_variation >= 0.25", agree));
  EXPECT_TRUE(fixed("label and total_variation >= 0.25", agree)) << "one of the two is";
  EXPECT_TRUE(fixed("label and total_variation >= 0.75", differ));
}

TEST(Severity, IsTheRegretUnlessAMarginIsAskedForOrNothingIsSaidOfLabels) {
  for (const char* text : {"label", "regret >= 0.2", "top_k = 2", "targeted = 0 1", "harmful",
                           "total_variation >= 0.3 and label"})
    EXPECT_EQ(Criteria::parse(text).severity(), Severity::regret) << text;
  for (const char* text :
       {"margin >= 0.2", "regret >= 0.2 and margin >= 0.1", "harmful and margin >= 0.1"})
    EXPECT_EQ(Criteria::parse(text).severity(), Severity::margin) << text;
  for (const char* text : {"total_variation >= 0.3", "jensen_shannon >= 0.1"}) {
    EXPECT_EQ(Criteria::parse(text).severity(), Severity::progress) << text;
    EXPECT_FALSE(Criteria::parse(text).implies_deviation()) << text;
  }
  EXPECT_TRUE(Criteria().implies_deviation());
}

TEST(TopK, CountsTheClassesThatScoreStrictlyHigher) {
  const Scores scores = {{0.375F, 0.125F, 0.25F, 0.25F}, {0.125F, 0.25F, 0.125F, 0.5F}};
  EXPECT_TRUE(met("top_k = 1", scores));
  EXPECT_TRUE(met("top_k = 2", scores));
  EXPECT_EQ(progress("top_k = 2", scores), 0.125);
  // Class 2 ties with the original's label.
  EXPECT_FALSE(met("top_k = 3", scores));
  EXPECT_EQ(progress("top_k = 3", scores), 0);
}

TEST(TopK, LooksAtAllOfTheOriginalsLabels) {
  const Scores scores = {{0.3125F, 0.3125F, 0.1875F, 0.1875F}, {0, 0.25F, 0.25F, 0.5F}};
  EXPECT_TRUE(met("top_k = 1", scores));
  EXPECT_FALSE(met("top_k = 2", scores));
}

TEST(TopK, IsNeverMetByFewerClasses) {
  EXPECT_FALSE(met("top_k = 3", differ));
  EXPECT_FALSE(met("top_k = 40", differ));
  EXPECT_LE(progress("top_k = 40", differ), 0);
}

TEST(TotalVariation, IsHalfTheSumOfTheDifferences) {
  EXPECT_EQ(total_variation(differ.answer()), 0.5);
  EXPECT_EQ(total_variation({differ.answer().original, differ.answer().original}), 0);
  EXPECT_EQ(total_variation(Scores{{1, 0}, {0, 1}}.answer()), 1);
  EXPECT_EQ(total_variation(Scores{{1.0001F, 0}, {0, 1.0001F}}.answer()), 1);
}

TEST(TotalVariation, IsMetFromItsThresholdOnWhateverTheLabels) {
  EXPECT_TRUE(met("total_variation >= 0.25", agree));
  EXPECT_EQ(progress("total_variation >= 0.25", agree), 0);
  EXPECT_FALSE(met("total_variation >= 0.251", agree));
  EXPECT_LT(progress("total_variation >= 0.251", agree), 0);
  EXPECT_FALSE(met("label and total_variation >= 0.25", agree));
}

TEST(JensenShannon, IsInBits) {
  EXPECT_EQ(jensen_shannon(Scores{{1, 0}, {0, 1}}.answer()), 1);
  EXPECT_EQ(jensen_shannon(Scores{{0.3F, 0.7F}, {0.3F, 0.7F}}.answer()), 0);
  // By hand, m = (0.75, 0.25): (1 * log2(4/3) + 0.5 * log2(2/3) + 0.5 * log2(2)) / 2.
  EXPECT_NEAR(jensen_shannon(Scores{{1, 0}, {0.5F, 0.5F}}.answer()), 0.311278, 1e-6);
}

TEST(JensenShannon, IsMetFromItsThresholdOnWhateverTheLabels) {
  EXPECT_TRUE(met("jensen_shannon >= 0.311", {{1, 0}, {0.5F, 0.5F}}));
  EXPECT_FALSE(met("jensen_shannon >= 0.312", {{1, 0}, {0.5F, 0.5F}}));
  EXPECT_TRUE(met("jensen_shannon >= 1", {{1, 0}, {0, 1}}));
  EXPECT_EQ(progress("jensen_shannon >= 1", {{1, 0}, {0, 1}}), 0);
}

TEST(Targeted, IsMetByItsTwoLabelsAlone) {
  EXPECT_TRUE(met("targeted = 0 1", differ));
  EXPECT_EQ(progress("targeted = 0 1", differ), 0.25);
  EXPECT_FALSE(met("targeted = 1 0", differ));
  EXPECT_FALSE(met("targeted = 0 2", differ));
  EXPECT_EQ(progress("targeted = 0 2", differ), -0.25);
  EXPECT_FALSE(met("targeted = 0 1", agree));
}

TEST(Targeted, TakesTiedLabelsForWhatTheyAre) {
  EXPECT_FALSE(met("targeted = 0 1", tied));
  EXPECT_EQ(progress("targeted = 0 1", tied), 0);
  const Scores apart = {{1, 0, 0}, {0, 0.5F, 0.5F}};
  EXPECT_TRUE(met("targeted = 0 1", apart));
  EXPECT_TRUE(met("targeted = 0 2", apart));
  EXPECT_EQ(progress("targeted = 0 2", apart), 0);
}

TEST(Harmful, IsMetWhereTheOriginalIsRight) {
  EXPECT_TRUE(met("harmful", differ, 0));
  EXPECT_EQ(progress("harmful", differ, 0), 0.25);
  EXPECT_FALSE(met("harmful", differ, 1));
  EXPECT_LT(progress("harmful", differ, 1), 0);
  EXPECT_FALSE(met("harmful", agree, 0));
  EXPECT_FALSE(met("harmful", tied, 0));
  EXPECT_EQ(progress("harmful", tied, 0), 0);
}

TEST(Harmful, IsNotMetWithoutATrueLabelThatTheModelsKnow) {
  for (const std::optional<int> label : {std::optional<int>(), {-1}, {3}}) {
    EXPECT_FALSE(met("harmful", differ, label));
    EXPECT_EQ(progress("harmful", differ, label), -1);
  }
  EXPECT_TRUE(Criteria::parse("margin >= 0.2 and harmful").needs_true_label());
  EXPECT_FALSE(Criteria::parse("margin >= 0.2").needs_true_label());
}

std::vector<float> random_scores(int classes, Random& random) {
  std::vector<float> scores(static_cast<std::size_t>(classes));
  // Few different values, so that there are ties.
  const bool coarse = random.integer(0, 1) == 0;
  float sum = 0;
  for (float& score : scores) {
    score = static_cast<float>(coarse ? random.integer(0, 3) : std::pow(random.uniform(), 6));
    sum += score;
  }
  if (sum == 0) scores[0] = sum = 1;
  for (float& score : scores) score /= sum;
  return scores;
}

TEST(Conditions, AreMetWhereProgressSaysSo) {
  Random random(1);
  int met_count = 0;
  for (int round = 0; round < 20000; ++round) {
    const int classes = random.integer(2, 6);
    const Scores scores = {random_scores(classes, random), random_scores(classes, random)};
    const std::optional<int> true_label = random.integer(0, classes - 1);
    for (const char* text :
         {"label", "regret >= 0.2", "margin >= 0.2", "top_k = 1", "top_k = 2",
          "total_variation >= 0.3", "jensen_shannon >= 0.1", "targeted = 0 1", "harmful",
          "harmful and margin >= 0.1", "label and total_variation >= 0.4 and top_k = 1"}) {
      const bool is_met = met(text, scores, true_label);
      const double reached = progress(text, scores, true_label);
      met_count += is_met ? 1 : 0;
      EXPECT_FALSE(is_met && fixed(text, scores, true_label)) << text;
      if (is_met && Criteria::parse(text).implies_deviation()) {
        EXPECT_GT(deviation_regret(scores.answer()), 0) << text;
      }
      EXPECT_LE(reached, 1) << text;
      // 0 is that of a threshold or of a tie.
      EXPECT_TRUE(is_met ? reached >= 0 : reached <= 0) << text;
      if (text == std::string("label") || text == std::string("top_k = 2")) {
        EXPECT_EQ(is_met, reached > 0) << text;
      }
    }
  }
  EXPECT_GT(met_count, 10000);
}

TEST(Criteria, AreLabelUnlessToldOtherwise) {
  EXPECT_EQ(Criteria().text(), "label");
  EXPECT_TRUE(Criteria().only_label());
  EXPECT_TRUE(Criteria().met(differ.answer()));
  EXPECT_FALSE(Criteria().met(agree.answer()));
  EXPECT_FALSE(Criteria::parse("top_k = 1").only_label());
  EXPECT_FALSE(Criteria::parse("label and top_k = 1").only_label());
}

TEST(Criteria, MustAllBeMetAndProgressIsTheLeast) {
  EXPECT_TRUE(met("label and total_variation >= 0.5", differ));
  EXPECT_FALSE(met("label and total_variation >= 0.75", differ));
  EXPECT_EQ(progress("label and total_variation >= 0.75", differ), -0.25);
  EXPECT_EQ(progress("total_variation >= 0.125 and label", differ), 0.25);
}

TEST(Criteria, RoundTripThroughTheirText) {
  for (const char* text :
       {"label", "regret >= 0.2", "margin >= 0.2", "margin >= 1", "top_k = 3",
        "total_variation >= 0.3", "jensen_shannon >= 0.1", "targeted = 3 5", "harmful",
        "label and total_variation >= 0.3", "harmful and margin >= 0.1 and top_k = 2",
        "margin >= 0.07142857142857142", "margin >= 1e-300"}) {
    EXPECT_EQ(Criteria::parse(text).text(), text);
  }
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    const std::string text = Criteria::parse(fmt::format("margin >= {}", random.uniform())).text();
    EXPECT_EQ(Criteria::parse(text).text(), text);
  }
}

TEST(Criteria, ReadAnySpaces) {
  EXPECT_EQ(Criteria::parse("margin>=0.2").text(), "margin >= 0.2");
  EXPECT_EQ(Criteria::parse("  margin>= 0.2\n and\ttop_k =3  ").text(),
            "margin >= 0.2 and top_k = 3");
  EXPECT_EQ(Criteria::parse("targeted=3   5").text(), "targeted = 3 5");
}

TEST(Criteria, NameTheNearestConditions) {
  EXPECT_THAT(refusal("margn >= 0.2"),
              AllOf(HasSubstr("unknown criterion 'margn'"), HasSubstr("did you mean 'margin'?")));
  EXPECT_THAT(refusal("label and Harmful"), HasSubstr("did you mean 'harmful'?"));
}

TEST(Criteria, RefuseValuesThatMakeNoSense) {
  EXPECT_EQ(refusal("margin >= 2"),
            "option criterion: 'margin >= 2' makes no sense; expected margin >= a number, in (0, "
            "1]");
  for (const char* name : {"regret", "margin", "total_variation", "jensen_shannon"}) {
    for (const char* rest : {"", " >=", " >= 0", " >= -0.1", " >= 1.1", " >= nan", " >= inf",
                             " >= much", " > 0.2", " = 0.2", " 0.2", " >= 0.2 0.3"}) {
      const std::string text = std::string(name) + rest;
      EXPECT_EQ(refusal(text), "option criterion: '" + text + "' makes no sense; expected " + name +
                                   " >= a number, in (0, 1]");
    }
  }
  for (const char* text : {"top_k", "top_k = 0", "top_k = 1.5", "top_k >= 2", "top_k = many"}) {
    EXPECT_EQ(refusal(text), std::string("option criterion: '") + text +
                                 "' makes no sense; expected top_k = a whole number, at least 1");
  }
  for (const char* text : {"targeted", "targeted = 3", "targeted = 3 3", "targeted = -1 3",
                           "targeted = 1 2 3", "targeted = a b", "targeted 3 5"}) {
    EXPECT_EQ(refusal(text), std::string("option criterion: '") + text +
                                 "' makes no sense; expected targeted = two different classes, the "
                                 "original's first, as in targeted = 3 5");
  }
  EXPECT_EQ(refusal("label = 3"),
            "option criterion: 'label = 3' makes no sense; expected label alone (conditions are "
            "joined with 'and')");
  EXPECT_THAT(refusal("harmful margin >= 0.2"), HasSubstr("expected harmful alone"));
}

TEST(Criteria, RefuseTextWithoutACondition) {
  for (const char* text : {"", "  ", "and", "label and", "and label", "label and and harmful",
                           ">= 0.2", "label and >= 0.2"}) {
    EXPECT_EQ(refusal(text), std::string("option criterion: '") + text +
                                 "' makes no sense; expected conditions joined with 'and', each "
                                 "beginning with its name, as in regret >= 0.2 and harmful");
  }
}

TEST(Criteria, RefuseAConditionGivenTwice) {
  EXPECT_EQ(refusal("margin >= 0.2 and margin >= 0.3"),
            "option criterion: 'margin >= 0.2 and margin >= 0.3' names margin twice; expected each "
            "condition once");
}

TEST(Criteria, CheckTheNumberOfClasses) {
  EXPECT_NO_THROW(Criteria::parse("top_k = 9 and targeted = 0 9 and label").check_classes(10));
  EXPECT_EQ(
      message_of<ConfigError>([] { Criteria::parse("label and top_k = 10").check_classes(10); }),
      "option criterion: 'top_k = 10' can never be met by models of 10 classes; expected a "
      "number below the number of classes: give at most 9");
  for (const char* text : {"targeted = 10 3", "targeted = 3 10"}) {
    EXPECT_EQ(message_of<ConfigError>([&] { Criteria::parse(text).check_classes(10); }),
              std::string("option criterion: '") + text +
                  "' names a class that models of 10 classes do not have; expected two of the "
                  "classes 0 to 9: give those");
  }
}

class FirstScore : public Criterion {
 public:
  explicit FirstScore(std::string rest) : rest_(std::move(rest)) {}
  std::string text() const override { return "first_score " + rest_; }
  bool met(const Answer& answer, const std::optional<int>&) const override {
    return answer.compressed[0] > 0.3F;
  }
  double progress(const Answer& answer, const std::optional<int>&) const override {
    return answer.compressed[0] - 0.3;
  }

 private:
  std::string rest_;
};

TEST(Criteria, SetReplacesLabelAloneAndConditionsOfTheSameName) {
  Criteria criteria;
  criteria.set(std::make_shared<FirstScore>("> 1"));
  EXPECT_EQ(criteria.text(), "first_score > 1");
  criteria = Criteria::parse("label and margin >= 0.2");
  criteria.set(std::make_shared<FirstScore>("> 1")).set(std::make_shared<FirstScore>("> 2"));
  EXPECT_EQ(criteria.text(), "label and margin >= 0.2 and first_score > 2");
  EXPECT_THROW(criteria.set(nullptr), ConfigError);
}

TEST(RegisteredCriteria, AreKnownByName) {
  register_criterion("first_score",
                     [](const std::string& rest) { return std::make_shared<FirstScore>(rest); });
  EXPECT_THAT(criterion_names(), Contains("first_score"));
  EXPECT_EQ(Criteria::parse("label and first_score>0.3").text(), "label and first_score >0.3");
  EXPECT_TRUE(met("first_score > 0.3", agree));
  EXPECT_FALSE(met("first_score > 0.3", differ));
  const auto none = [](const std::string&) { return nullptr; };
  EXPECT_THAT(message_of<ConfigError>([&] { register_criterion("first_score", none); }),
              HasSubstr("registered already"));
  EXPECT_THAT(message_of<ConfigError>([&] { register_criterion("label", none); }),
              HasSubstr("registered already"));
}

TEST(RegisteredCriteria, NeedAWordForANameAndAFactory) {
  const auto none = [](const std::string&) { return nullptr; };
  for (const char* name : {"", "and", "two words", ">="}) {
    EXPECT_THAT(message_of<ConfigError>([&] { register_criterion(name, none); }),
                HasSubstr("expected a name of letters"));
  }
  EXPECT_THROW(register_criterion("no_factory", nullptr), ConfigError);
}

TEST(RegisteredCriteria, MustBeMadeUnderTheirName) {
  register_criterion("makes_none", [](const std::string&) { return nullptr; });
  register_criterion("makes_another",
                     [](const std::string& rest) { return std::make_shared<FirstScore>(rest); });
  EXPECT_THAT(refusal("makes_none"), HasSubstr("criterion 'makes_none': its factory made none"));
  EXPECT_THAT(refusal("makes_another"), HasSubstr("whose text begins with that name"));
}

TEST(Criteria, WantCertainLabelsWhereTargeted) {
  EXPECT_EQ(Criteria().wanted_labels(), std::nullopt);
  EXPECT_EQ(Criteria::parse("margin >= 0.2 and targeted = 3 5").wanted_labels(),
            std::make_pair(3, 5));
}

}  // namespace
}  // namespace dflare::test
