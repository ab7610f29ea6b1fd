#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "retest/retest.hpp"
#include "support/images.hpp"

namespace {

using namespace dflare;
using namespace dflare::repair;
using nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Repaired repaired(std::size_t n, std::size_t inputs) {
  Repaired result;
  result.inputs = inputs;
  result.repaired = n;
  for (std::size_t i = 0; i < inputs; ++i) result.each.push_back(i < n);
  return result;
}

Summary search_of(std::size_t found, double queries, double regret) {
  Summary s;
  s.seeds = s.judged = 200;
  s.found = found;
  s.not_found = s.judged - found;
  s.rate = static_cast<double>(found) / 200;
  s.interval = {s.rate / 2, (1 + s.rate) / 2};
  s.mean_queries = s.median_queries = queries;
  s.mean_worst_regret = regret;
  s.worst_regret_interval = {regret - 0.01, regret + 0.01};
  s.largest_regret = regret + 0.3;
  s.mean_worst_margin = regret / 2;
  s.worst_margin_interval = {regret / 2 - 0.02, regret / 2 + 0.02};
  return s;
}

Measured measured(const std::string& name, std::size_t agreements, double regret) {
  Measured m;
  m.name = name;
  m.sha256 = "sha256 of " + name;
  m.facts = {259224, 61470, 30735, 65, 6};
  m.first_search = search_of(200, 2.5, 0);
  m.worst_search = search_of(180, 40, regret);
  m.everyday_search = search_of(20, 7, 0);
  m.dflare_search = search_of(190, 30.75, 0);
  m.agreement_images = 10000;
  m.agreements = agreements;
  m.agreement_on_test_set = true;
  m.accuracy = 0.98 + regret / 100;
  return m;
}

Settings some_settings() {
  Settings settings;
  settings.original.source = ModelFile{"/somewhere/lenet5.pt"};
  settings.compressed.source = ModelFile{"/somewhere/lenet5_w4.pt"};
  settings.training = settings.unseen = SeedSet::images({test::picture(8, 8, 1)});
  settings.out = "/somewhere/out";
  return settings;
}

Result some_result() {
  Result r;
  r.verdict = Verdict::repaired;
  r.recognised = "61470 weights in 5 tensors\non a grid of 4 bits; kept";
  r.rounds = {{0, 100, 0, 0, 0.25, 0.25, 9, 0},
              {1, 100, 0, 0.5, 0.03, 0.05, 4, 12.5},
              {2, 190, 90, 0.4, 0.02, 0.06, 3, 13.5}};
  r.best_round = 2;
  r.control_best_round = 1;
  r.learning_rate = 0.002;
  r.before = measured("before", 9932, 0.4);
  r.control = measured("control", 9970, 0.3);
  r.control.worst = repaired(87, 100);
  r.control.first = repaired(66, 100);
  r.repaired = measured("repaired", 9981, 0.2);
  r.repaired.worst = repaired(95, 100);
  r.repaired.first = repaired(72, 100);
  r.original_accuracy = 0.9907;
  r.gates = {{"kind", "the compression is what it was", true},
             {"min_repaired", "95.0 % of the worst; at least 50.0 %", true}};
  r.remarks = {"A remark."};
  r.repaired_file = "/somewhere/out/repaired.pt";
  r.training_seeds = 1500;
  r.unseen_seeds = 200;
  r.seconds = 61.5;
  return r;
}

std::string text_of(const Result& result) {
  return report_text(some_settings(), result);
}
ordered_json json_of(const Result& result) {
  return ordered_json::parse(report_json(some_settings(), result));
}

TEST(ReportText, IsThis) {
  EXPECT_EQ(
      text_of(some_result()),
      R"(Repaired. Mean worst regret 0.200, before 0.400 (control 0.300). 95.0 % of the worst unseen triggering inputs are repaired (control 87.0 %).

  original    /somewhere/lenet5.pt
  compressed  /somewhere/lenet5_w4.pt
  seeds       1500 images in memory, to train on
  unseen      200 images in memory, of the re-test

The compressed model:
  61470 weights in 5 tensors
  on a grid of 4 bits; kept

                                                   before                  control                 repaired
  worst unseen triggering inputs repaired, of 100                          87.0 % (78.8 to 92.9)   95.0 % (88.7 to 98.4)
    more than the control                                                                          +8.0 points (p = 0.0078)
  first unseen triggering inputs repaired, of 100                          66.0 % (55.8 to 75.2)   72.0 % (62.1 to 80.5)
    more than the control                                                                          +6.0 points (p = 0.031)
  mean worst regret of a fresh search              0.400 (0.390 to 0.410)  0.300 (0.290 to 0.310)  0.200 (0.190 to 0.210)
    largest regret                                 0.700                   0.600                   0.500
    mean worst margin                              0.200 (0.180 to 0.220)  0.150 (0.130 to 0.170)  0.100 (0.080 to 0.120)
  seeds that deviate under everyday()              10.0 % (5.0 to 55.0)    10.0 % (5.0 to 55.0)    10.0 % (5.0 to 55.0)
  found by boundary (first deviation)              200 of 200              200 of 200              200 of 200
    mean queries                                   2.5                     2.5                     2.5
  found by dflare, as in the paper                 190 of 200              190 of 200              190 of 200
    mean queries                                   30.8                    30.8                    30.8
  labels unlike the original's, test set           68 of 10000             30 of 10000             19 of 10000
  accuracy (the original: 99.07 %)                 98.40 %                 98.30 %                 98.20 %
  file, bytes                                      259224                  259224                  259224
  weights that are zero                            50.0 %                  50.0 %                  50.0 %
  distinct weights                                 65                      65                      65
  quantised operators                              6                       6                       6

  control: as many steps on clean training seeds alone. In brackets 95 % intervals; p: exact McNemar test.
  repaired: the model says nothing else than the original; where it ties that with another class, it is not.
  repaired, accuracy: higher is better. Regret, margin, everyday(), found, unlike labels: lower is better.
  regret: how much the original prefers its own label over what the compressed model says, 0 to 1.
  margin: the lesser of that and of how much the compressed model prefers its label over the original's.
  everyday(): small turns, shifts and changes of light, on which the models clearly disagree (regret 0.2 or more).

Validation loss (held-out training seeds; learning rate 0.002):
  before    repair 0.25  control 0.25  100 findings to train on
  round 1   repair 0.03  control 0.05  100 findings to train on  <- best of the control
  round 2   repair 0.02  control 0.06  190 findings to train on, 90 of them new  <- best

Gates:
  met      kind               the compression is what it was
  met      min_repaired       95.0 % of the worst; at least 50.0 %

A remark.

Repaired model: /somewhere/out/repaired.pt
Report and findings: /somewhere/out
)");
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

Result not_repaired() {
  Result r = some_result();
  r.verdict = Verdict::gates_not_met;
  r.gates[0].met = r.gates[1].met = false;
  r.repaired_file.clear();
  return r;
}

Result nothing_found() {
  Result r;
  r.verdict = Verdict::nothing_found;
  r.training_seeds = 1500;
  r.unseen_seeds = 200;
  return r;
}

TEST(ReportText, BeginsWithTheVerdict) {
  EXPECT_EQ(
      first_line(text_of(some_result())),
      "Repaired. Mean worst regret 0.200, before 0.400 (control 0.300). 95.0 % of the worst unseen "
      "triggering inputs are repaired (control 87.0 %).");
  EXPECT_EQ(first_line(text_of(not_repaired())),
            "Not repaired: gates not met: kind, min_repaired. Nothing was replaced. Mean worst "
            "regret 0.200, before 0.400 (control 0.300). 95.0 % of the worst unseen triggering "
            "inputs are repaired (control 87.0 %).");
  EXPECT_EQ(first_line(text_of(nothing_found())),
            "Nothing to repair: no triggering input was found from 1500 training seeds.");
}

TEST(ReportText, BreaksLongRemarksBetweenWords) {
  Result r = some_result();
  const std::string word(30, 'x');
  r.remarks = {word + " " + word + " " + word + " " + word};
  EXPECT_THAT(text_of(r), HasSubstr("\n" + word + " " + word + " " + word + "\n" + word + "\n"));
}

TEST(ReportText, SaysWhichGatesAreNotMetAndNamesNoFile) {
  const std::string text = text_of(not_repaired());
  EXPECT_THAT(text, HasSubstr("  NOT MET  min_repaired "));
  EXPECT_THAT(text, Not(HasSubstr("Repaired model:")));
}

TEST(ReportText, WithoutAnythingFoundHasNoTable) {
  const std::string text = text_of(nothing_found());
  EXPECT_THAT(text, Not(HasSubstr("control")));
  EXPECT_THAT(text, Not(HasSubstr("Gates")));
}

struct Missing {
  std::string name;
  std::function<void(Measured&)> forget;
  std::string row;
};
std::ostream& operator<<(std::ostream& out, const Missing& missing) {
  return out << missing.name;
}

class ReportRows : public ::testing::TestWithParam<Missing> {};

TEST_P(ReportRows, OfWhatWasNotMeasuredAreLeftOut) {
  Result r = some_result();
  EXPECT_THAT(text_of(r), HasSubstr(GetParam().row));
  for (Measured* m : {&r.before, &r.control, &r.repaired}) GetParam().forget(*m);
  EXPECT_THAT(text_of(r), Not(HasSubstr(GetParam().row)));
}

const Missing missing[] = {
    {"Worst", [](Measured& m) { m.worst.reset(); }, "worst unseen triggering inputs repaired, of"},
    {"First", [](Measured& m) { m.first.reset(); }, "first unseen triggering inputs repaired, of"},
    {"FirstSearch", [](Measured& m) { m.first_search.reset(); }, "found by boundary"},
    {"WorstSearch", [](Measured& m) { m.worst_search.reset(); }, "mean worst regret"},
    {"Everyday", [](Measured& m) { m.everyday_search.reset(); },
     "seeds that deviate under everyday()"},
    {"Dflare", [](Measured& m) { m.dflare_search.reset(); }, "found by dflare"},
    {"Labels", [](Measured& m) { m.agreement_images = 0; }, "labels unlike"},
    {"Accuracy", [](Measured& m) { m.accuracy.reset(); }, "  accuracy"},
    {"Weights", [](Measured& m) { m.facts.weights = 0; }, "weights that are zero"},
    {"Quantised", [](Measured& m) { m.facts.quantised_operators = 0; }, "quantised operators"},
};
INSTANTIATE_TEST_SUITE_P(Report, ReportRows, ::testing::ValuesIn(missing),
                         [](const auto& given) { return given.param.name; });

TEST(ReportText, IsForPeople) {
  const std::string text = text_of(some_result());
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 60);
}

TEST(ReportJson, HasAllFigures) {
  const ordered_json json = json_of(some_result());
  EXPECT_EQ(json["dflare_repair_report"], 1);
  EXPECT_EQ(json["verdict"], "repaired");
  EXPECT_EQ(json["seeds"]["size"], 1500);
  EXPECT_EQ(json["unseen"]["size"], 200);
  EXPECT_EQ(json["search"]["objective"], "worst");
  EXPECT_EQ(json["search"]["queries"], "40");
  EXPECT_EQ(json["rounds"].size(), 3U);
  EXPECT_EQ(json["rounds"][2]["new_findings"], 90);
  EXPECT_EQ(json["rounds"][2]["control_validation"], 0.06);
  EXPECT_EQ(json["learning_rate"], 0.002);
  EXPECT_EQ(json["best_round"], 2);
  EXPECT_EQ(json["control_best_round"], 1);
  const ordered_json& after = json["repaired"];
  EXPECT_EQ(after["sha256"], "sha256 of repaired");
  EXPECT_EQ(after["worst_repaired"]["inputs"], 100);
  EXPECT_EQ(after["worst_repaired"]["repaired"], 95);
  EXPECT_EQ(after["worst_repaired"]["share"], 0.95);
  EXPECT_NEAR(after["worst_repaired"]["interval"][0], 0.8872, 1e-4);
  EXPECT_EQ(after["searches"]["worst"]["mean_worst_regret"], 0.2);
  EXPECT_EQ(after["searches"]["worst"]["worst_regret_interval"][1], 0.2 + 0.01);
  EXPECT_EQ(after["searches"]["worst"]["largest_regret"], 0.5);
  EXPECT_EQ(after["searches"]["worst"]["mean_worst_margin"], 0.1);
  EXPECT_EQ(after["searches"]["first"]["deviating"], 200);
  EXPECT_EQ(after["searches"]["dflare"]["mean_queries"], 30.75);
  EXPECT_EQ(after["searches"]["everyday"]["rate"], 0.1);
  EXPECT_EQ(after["labels"]["of"], "test");
  EXPECT_EQ(after["labels"]["disagreements"], 19);
  EXPECT_EQ(after["file"]["bytes"], 259224);
  EXPECT_EQ(after["file"]["zeros"], 30735);
  EXPECT_EQ(after["file"]["distinct"], 65);
  EXPECT_EQ(after["file"]["quantised_operators"], 6);
  EXPECT_EQ(json["original_accuracy"], 0.9907);
  EXPECT_EQ(json["gates"][1]["name"], "min_repaired");
  EXPECT_EQ(json["gates"][1]["met"], true);
  EXPECT_EQ(json["remarks"][0], "A remark.");
  EXPECT_EQ(json["seconds"], 61.5);
}

TEST(ReportJson, ComparesWithTheControl) {
  const ordered_json worst = json_of(some_result())["against_control"]["worst"];
  EXPECT_NEAR(worst["more_share"], 0.08, 1e-12);
  EXPECT_EQ(worst["repaired_alone"], 8);
  EXPECT_EQ(worst["control_alone"], 0);
  EXPECT_NEAR(worst["mcnemar_p"], 2 / 256.0, 1e-12);
}

TEST(ReportJson, NamesFilesWithoutTheirFolders) {
  const std::string json = report_json(some_settings(), some_result());
  EXPECT_THAT(json, Not(HasSubstr("somebody")));
  EXPECT_THAT(json, HasSubstr("\"lenet5_w4.pt\""));
  EXPECT_THAT(json, HasSubstr("\"repaired.pt\""));
}

TEST(ReportJson, OfEqualRunsDiffersInSecondsAlone) {
  Result other = some_result();
  other.seconds = 1;
  for (Round& round : other.rounds) round.seconds += 1;
  ordered_json a = json_of(some_result()), b = json_of(other);
  EXPECT_NE(a.dump(), b.dump());
  a.erase("seconds");
  b.erase("seconds");
  EXPECT_EQ(a.dump(), b.dump());
}

TEST(ReportJson, SaysNullOfWhatWasNotMeasured) {
  Result r = not_repaired();
  r.original_accuracy.reset();
  for (Measured* m : {&r.before, &r.control, &r.repaired}) {
    m->worst.reset();
    m->worst_search.reset();
    m->accuracy.reset();
  }
  const ordered_json json = json_of(r);
  EXPECT_EQ(json["verdict"], "gates_not_met");
  EXPECT_TRUE(json["repaired_file"].is_null());
  EXPECT_TRUE(json["original_accuracy"].is_null());
  EXPECT_TRUE(json["repaired"]["worst_repaired"].is_null());
  EXPECT_TRUE(json["repaired"]["searches"]["worst"].is_null());
  EXPECT_TRUE(json["repaired"]["accuracy"].is_null());
  EXPECT_TRUE(json["against_control"]["worst"].is_null());
}

TEST(ReportJson, OfNothingFoundHasNoModels) {
  const ordered_json json = json_of(nothing_found());
  EXPECT_EQ(json["verdict"], "nothing_found");
  EXPECT_FALSE(json.contains("before"));
  EXPECT_FALSE(json.contains("repaired"));
}

TEST(ReportJson, IsValidWhereAPathIsNoUtf8) {
  Settings settings = some_settings();
  settings.original.source = ModelFile{"caf\xe9.pt"};
  EXPECT_NO_THROW(ordered_json::parse(report_json(settings, some_result())));
}

}  // namespace
