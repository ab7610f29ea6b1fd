#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "retest/retest.hpp"

namespace {

using dflare::Summary;
using dflare::repair::Gate;
using dflare::repair::Gates;
using dflare::repair::judge;
using dflare::repair::mcnemar;
using dflare::repair::Measured;
using dflare::repair::Repaired;

Repaired repaired(std::size_t n, std::size_t inputs) {
  Repaired result;
  result.inputs = inputs;
  result.repaired = n;
  for (std::size_t i = 0; i < inputs; ++i) result.each.push_back(i < n);
  return result;
}

Summary worst_of(double regret, double margin) {
  Summary summary;
  summary.mean_worst_regret = regret;
  summary.mean_worst_margin = margin;
  return summary;
}

struct Judged {
  Gates gates;
  Measured before, repaired;
  std::string lost;

  Judged() {
    before.agreement_images = repaired.agreement_images = 10000;
    before.agreements = 9932;
    repaired.agreements = 9981;
    before.agreement_on_test_set = repaired.agreement_on_test_set = true;
    before.accuracy = 0.9876;
    repaired.accuracy = 0.9902;
    before.worst_search = worst_of(0.4, 0.3);
    repaired.worst_search = worst_of(0.2, 0.15);
    repaired.worst = ::repaired(90, 100);
    repaired.first = ::repaired(70, 100);
  }
  std::vector<Gate> run() const { return judge(gates, before, repaired, lost); }
};

std::vector<std::string> names_of(const std::vector<Gate>& gates) {
  std::vector<std::string> names;
  for (const Gate& gate : gates) names.push_back(gate.name);
  return names;
}

TEST(Gates, AllAreJudgedAndMetByAGoodRepair) {
  const std::vector<Gate> gates = Judged().run();
  EXPECT_THAT(names_of(gates),
              ::testing::ElementsAre("kind", "min_repaired", "min_repaired_first",
                                     "max_accuracy_drop", "min_agreement", "max_worst_regret"));
  for (const Gate& gate : gates) EXPECT_TRUE(gate.met) << gate.name << ": " << gate.text;
}

TEST(Gates, OfWhatWasNotMeasuredAreLeftOut) {
  Judged judged;
  judged.before.accuracy.reset();
  judged.before.worst_search.reset();
  judged.repaired.first.reset();
  EXPECT_THAT(names_of(judged.run()),
              ::testing::ElementsAre("kind", "min_repaired", "min_agreement"));
}

struct Case {
  std::string name;
  std::function<void(Judged&)> make;
  std::string gate;
  bool met;
  std::string text;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

class EachGate : public ::testing::TestWithParam<Case> {};

TEST_P(EachGate, SaysFigureAndBoundAndIsTheOnlyOneThatChanges) {
  Judged judged;
  GetParam().make(judged);
  bool seen = false;
  for (const Gate& gate : judged.run()) {
    if (gate.name != GetParam().gate) {
      EXPECT_TRUE(gate.met) << gate.name << ": " << gate.text;
      continue;
    }
    seen = true;
    EXPECT_EQ(gate.met, GetParam().met);
    EXPECT_EQ(gate.text, GetParam().text);
  }
  EXPECT_TRUE(seen);
}

const Case cases[] = {
    {"KindKept", [](Judged&) {}, "kind", true, "the compression is what it was"},
    {"KindLost", [](Judged& j) { j.lost = "3 zeros are gone"; }, "kind", false,
     "the compression is not what it was: 3 zeros are gone"},
    {"RepairedAtTheBound", [](Judged& j) { j.gates.min_repaired = 0.9; }, "min_repaired", true,
     "90.0 % of the worst unseen triggering inputs repaired; at least 90.0 %"},
    {"TooFewRepaired", [](Judged& j) { j.repaired.worst = repaired(49, 100); }, "min_repaired",
     false, "49.0 % of the worst unseen triggering inputs repaired; at least 50.0 %"},
    {"FirstAtTheBound", [](Judged& j) { j.gates.min_repaired_first = 0.7; }, "min_repaired_first",
     true, "70.0 % of the first unseen triggering inputs repaired; at least 70.0 %"},
    {"TooFewFirst", [](Judged& j) { j.gates.min_repaired_first = 0.71; }, "min_repaired_first",
     false, "70.0 % of the first unseen triggering inputs repaired; at least 71.0 %"},
    // 0.9876 - 0.9866 is a little more than 0.001 in floating point.
    {"AccuracyDropAtTheBound", [](Judged& j) { j.repaired.accuracy = 0.9866; }, "max_accuracy_drop",
     true, "accuracy 98.66 %, before 98.76 %; at most 0.10 points lower"},
    {"OneImageMore", [](Judged& j) { j.repaired.accuracy = 0.9865; }, "max_accuracy_drop", false,
     "accuracy 98.65 %, before 98.76 %; at most 0.10 points lower"},
    {"AgreementAsBefore", [](Judged& j) { j.repaired.agreements = 9932; }, "min_agreement", true,
     "labels agree with the original's on 99.32 % of the test set; at least 99.32 %, as before"},
    {"OneLabelLess", [](Judged& j) { j.repaired.agreements = 9931; }, "min_agreement", false,
     "labels agree with the original's on 99.31 % of the test set; at least 99.32 %, as before"},
    {"AgreementGivenAndMet", [](Judged& j) { j.gates.min_agreement = 0.9981; }, "min_agreement",
     true, "labels agree with the original's on 99.81 % of the test set; at least 99.81 %"},
    {"AgreementGivenOfUnseenSeeds",
     [](Judged& j) {
       j.gates.min_agreement = 0.999;
       j.repaired.agreement_on_test_set = false;
     },
     "min_agreement", false,
     "labels agree with the original's on 99.81 % of the unseen seeds; at least 99.90 %"},
    {"RegretAtTheBound", [](Judged& j) { j.gates.max_worst_regret = 0.5; }, "max_worst_regret",
     true, "mean worst regret of a fresh search 0.2000; at most 0.2000, 0.5 of that before"},
    {"RegretTooLarge", [](Judged& j) { j.repaired.worst_search = worst_of(0.41, 0.15); },
     "max_worst_regret", false,
     "mean worst regret of a fresh search 0.4100; at most 0.4000, 1 of that before"},
    {"MarginAtTheBound", [](Judged& j) { j.gates.max_worst_margin = 0.5; }, "max_worst_margin",
     true, "mean worst margin of a fresh search 0.1500; at most 0.1500, 0.5 of that before"},
    {"MarginTooLarge",
     [](Judged& j) {
       j.gates.max_worst_margin = 1;
       j.repaired.worst_search = worst_of(0.2, 0.31);
     },
     "max_worst_margin", false,
     "mean worst margin of a fresh search 0.3100; at most 0.3000, 1 of that before"},
};
INSTANTIATE_TEST_SUITE_P(Gates, EachGate, ::testing::ValuesIn(cases),
                         [](const auto& of) { return of.param.name; });

TEST(RepairedInputs, HaveTheExactInterval) {
  EXPECT_EQ(repaired(0, 0).share(), 0);
  EXPECT_EQ(repaired(0, 0).interval().low, 0);
  EXPECT_EQ(repaired(0, 0).interval().high, 1);
  EXPECT_NEAR(repaired(5, 10).interval().low, 0.1871, 1e-4);
  EXPECT_NEAR(repaired(5, 10).interval().high, 0.8129, 1e-4);
  EXPECT_EQ(repaired(10, 10).interval().high, 1);
  EXPECT_NEAR(repaired(10, 10).interval().low, 0.6915, 1e-4);
  EXPECT_NEAR(repaired(0, 10).interval().high, 0.3085, 1e-4);
}

/// So many that a alone repairs, b alone, both, none.
double p_of(int a_alone, int b_alone, int both = 3, int none = 2) {
  std::vector<bool> a, b;
  const auto add = [&](int n, bool by_a, bool by_b) {
    a.insert(a.end(), static_cast<std::size_t>(n), by_a);
    b.insert(b.end(), static_cast<std::size_t>(n), by_b);
  };
  add(a_alone, true, false);
  add(b_alone, false, true);
  add(both, true, true);
  add(none, false, false);
  return mcnemar(a, b);
}

TEST(McNemar, IsTwiceTheTailOfTheFairBinomial) {
  EXPECT_NEAR(p_of(5, 0), 2 / 32.0, 1e-12);
  EXPECT_NEAR(p_of(1, 8), 2 * (1 + 9) / 512.0, 1e-12);
  EXPECT_NEAR(p_of(8, 1), p_of(1, 8), 1e-12);
  EXPECT_NEAR(p_of(100, 50), 5.447533103392586e-05, 1e-9);
}

TEST(McNemar, DependsOnThoseThatDifferAlone) {
  EXPECT_NEAR(p_of(6, 2, 0, 0), p_of(6, 2, 500, 100), 1e-12);
}

TEST(McNemar, IsOneWhereNothingSpeaksForADifference) {
  EXPECT_EQ(p_of(0, 0), 1);
  EXPECT_EQ(mcnemar({}, {}), 1);
  EXPECT_EQ(p_of(3, 3), 1);
}

TEST(Gates, WithoutUnseenInputsNothingIsProved) {
  Gates gates;
  gates.min_repaired = 0.5;
  gates.min_repaired_first = 0.7;
  Measured before, repaired;
  repaired.worst = Repaired();  // searched, and none found
  std::vector<std::string> failed;
  for (const Gate& gate : judge(gates, before, repaired, "")) {
    if (gate.met) continue;
    failed.push_back(gate.name);
    EXPECT_NE(gate.text.find("unseen triggering input to judge the repair by"), std::string::npos);
  }
  EXPECT_THAT(failed, ::testing::ElementsAre("min_repaired", "min_repaired_first"));
}

}  // namespace
