#include <gmock/gmock.h>

#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

using ::testing::HasSubstr;

TEST_F(RunnerTest, JsonHoldsARowAPair) {
  ASSERT_EQ(
      run("m.yaml --dflare_json=new/r.json --dflare_workers=2", "DFLARE_COMMIT=abc123").status, 1);
  const auto rows = json("new/r.json").at("pairs");
  ASSERT_EQ(rows.size(), 2U);
  const auto& row = rows[1];
  EXPECT_EQ(row.at("name"), "Other");
  EXPECT_EQ(row.at("error"), nullptr);
  EXPECT_EQ(row.at("complete"), true);
  EXPECT_EQ(row.at("original").at("file"), path("a.pt"));
  EXPECT_EQ(row.at("original").at("sha256").get<std::string>().size(), 64U);
  EXPECT_THAT(row.at("runtime").get<std::string>(), HasSubstr("LibTorch"));
  EXPECT_FALSE(row.at("machine").at("cpu").get<std::string>().empty());
  EXPECT_GE(row.at("machine").at("cores"), 1);
  EXPECT_EQ(row.at("commit"), "abc123");
  EXPECT_EQ(row.at("seeds"), 10);
  std::size_t outcomes = 0;
  for (const auto& count : row.at("outcomes")) outcomes += count.get<std::size_t>();
  EXPECT_EQ(outcomes, 10U);
  const double deviating = row.at("outcomes").at("found").get<double>() +
                           row.at("outcomes").at("as_it_is").get<double>();
  EXPECT_GT(deviating, 0);
  EXPECT_DOUBLE_EQ(row.at("rate").get<double>(), deviating / 10);
  EXPECT_LE(row.at("interval").at(0), row.at("rate"));
  EXPECT_GE(row.at("interval").at(1), row.at("rate"));
  EXPECT_EQ(row.at("first_looks"), 10);
  EXPECT_EQ(row.at("workers"), 2);
  EXPECT_EQ(row.at("strategy"), "boundary");
  EXPECT_EQ(row.at("rng_seed"), 1);
  EXPECT_EQ(row.at("options").at("queries"), "30");
  EXPECT_EQ(row.at("rate_allowed"), nullptr);
  EXPECT_EQ(row.at("findings"), path("dflare-findings/Other"));
  for (const char* key :
       {"mean_queries",      "median_queries", "queries",      "queries_per_found",
        "confirmations",     "refuted",        "wall_seconds", "cpu_seconds",
        "inference_seconds", "mean_l2",        "mean_l_inf",   "mean_ssim",
        "mean_regret",       "mean_margin",    "examined",     "gradients",
        "mean_gradients",    "mean_paths",     "sample",       "minimising",
        "cut_short"}) {
    EXPECT_TRUE(row.at(key).is_number()) << key;
  }
  EXPECT_EQ(row.at("expectation"), "no_deviation");
  for (const char* key :
       {"mean_worst_regret", "worst_regret_interval", "largest_regret", "mean_worst_margin",
        "worst_margin_interval", "largest_margin", "smallest_closeness", "mean_closeness"}) {
    EXPECT_TRUE(row.at(key).is_null()) << key;
  }
  EXPECT_EQ(rows[0].at("rate"), 0);
  EXPECT_EQ(rows[0].at("agreement"), 1);
  EXPECT_EQ(row.at("original_accuracy"), nullptr);
  EXPECT_EQ(row.at("compressed_accuracy"), nullptr);
  EXPECT_EQ(row.at("seeds_as_they_are").at("evaluated"), 10);
  EXPECT_EQ(row.at("seeds_as_they_are").at("labelled"), 0);
  EXPECT_EQ(row.at("remarks"), nlohmann::json::array());
  EXPECT_TRUE(row.contains("examination"));
}

TEST_F(RunnerTest, JsonAndXmlHoldTheFactsOfTheLabels) {
  write_classes();
  write("m.yaml", R"(dflare: 1
defaults: {seeds: {folder: classes, classes: true}, options: {queries: 5, accept_original: true}}
pairs:
  - {name: Other, original: a.pt, compressed: other.pt}
)");
  const Ended ended = run("m.yaml --dflare_json=r.json --gtest_output=xml:r.xml");
  const auto row = json("r.json").at("pairs").at(0);
  const auto &labels = row.at("seeds_as_they_are"), &deviations = row.at("deviations");
  EXPECT_EQ(labels.at("evaluated"), 10);
  EXPECT_EQ(labels.at("labelled"), 10);
  EXPECT_DOUBLE_EQ(row.at("agreement").get<double>(), labels.at("agreed").get<double>() / 10);
  EXPECT_DOUBLE_EQ(row.at("original_accuracy").get<double>(),
                   labels.at("original_right").get<double>() / 10);
  EXPECT_DOUBLE_EQ(row.at("compressed_accuracy").get<double>(),
                   labels.at("compressed_right").get<double>() / 10);
  EXPECT_EQ(deviations.at("labelled"), row.at("outcomes").at("found").get<int>() +
                                           row.at("outcomes").at("as_it_is").get<int>());
  EXPECT_EQ(deviations.at("labelled"), deviations.at("original_right").get<int>() +
                                           deviations.at("compressed_right").get<int>() +
                                           deviations.at("neither_right").get<int>());
  // By the message of the only test, and not again.
  for (const char* said : {"\nThe models agree on ", "; accuracy: original ", "\nOf the ",
                           " of known class, the original is right"})
    EXPECT_THAT(ended.output, HasSubstr(said));
  EXPECT_THAT(ended.output, ::testing::Not(HasSubstr("Other: the models agree")));
  EXPECT_THAT(run("m.yaml --dflare_block=4").output,
              HasSubstr("[ dflare   ] Other: the models agree on "));
  const std::string xml = read_file(path("r.xml"));
  for (const char* property : {"agreement", "original_accuracy", "compressed_accuracy",
                               "deviations_original_right", "deviations_neither_right"})
    EXPECT_THAT(xml, HasSubstr("name=\"" + std::string(property) + "\""));
}

TEST_F(RunnerTest, JsonHoldsTheFiguresOfTheObjective) {
  write("m.yaml", R"(dflare: 1
defaults: {seeds: seeds, options: {queries: 5}}
pairs:
  - {name: Worst, original: a.pt, compressed: other.pt, expect: {worst_deviation_le: 1}}
  - {name: Closest, original: a.pt, compressed: other.pt, expect: {closest_deviation_ge: 0.5}}
  - {name: Rate, original: a.pt, compressed: other.pt, expect: {deviation_rate_le: 1}}
)");
  run("m.yaml --dflare_json=r.json --gtest_output=xml:r.xml");
  const auto rows = json("r.json").at("pairs");
  const auto &worst = rows.at(0), &closest = rows.at(1);
  EXPECT_EQ(worst.at("expectation"), nlohmann::json({{"worst_deviation_le", 1.0}}));
  EXPECT_EQ(worst.at("options").at("objective"), "worst");
  for (const std::string figure : {"regret", "margin"}) {
    const double mean = worst.at("mean_worst_" + figure).get<double>();
    EXPECT_GT(mean, 0);
    EXPECT_LT(worst.at("worst_" + figure + "_interval").at(0), mean);
    EXPECT_GT(worst.at("worst_" + figure + "_interval").at(1), mean);
    EXPECT_GE(worst.at("largest_" + figure), mean);
  }
  EXPECT_TRUE(worst.at("smallest_closeness").is_null());
  EXPECT_EQ(closest.at("expectation"), nlohmann::json({{"closest_deviation_ge", 0.5}}));
  EXPECT_EQ(closest.at("options").at("objective"), "closest");
  EXPECT_GE(closest.at("mean_closeness"), closest.at("smallest_closeness"));
  EXPECT_GT(closest.at("mean_closeness"), 0);
  EXPECT_TRUE(closest.at("mean_worst_regret").is_null());
  EXPECT_EQ(rows.at(2).at("expectation"), nlohmann::json({{"deviation_rate_le", 1.0}}));
  EXPECT_EQ(rows.at(2).at("rate_allowed"), 1);
  const std::string xml = read_file(path("r.xml"));
  for (const char* property : {"name=\"mean_worst_regret\"", "name=\"mean_worst_regret_interval\"",
                               "name=\"largest_regret\"", "name=\"mean_worst_margin\"",
                               "name=\"largest_margin\"", "name=\"smallest_closeness\""}) {
    EXPECT_THAT(xml, HasSubstr(property));
  }
}

TEST_F(RunnerTest, JsonSaysWhatABudgetCutShort) {
  write("m.yaml", R"(dflare: 1
pairs:
  - {name: Worst, original: a.pt, compressed: other.pt, seeds: seeds, expect: {worst_deviation_le: 1},
     options: {strategy: random, queries: 1000, queries_in_all: 60}}
)");
  const Ended ended = run("m.yaml --dflare_json=r.json");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr(" cut short"));
  const auto row = json("r.json").at("pairs").at(0);
  EXPECT_GT(row.at("cut_short"), 0);
  EXPECT_EQ(row.at("complete"), false);
}

TEST_F(RunnerTest, FlagsAndEnvironmentGoBeforeTheManifest) {
  run("m.yaml --gtest_filter='Same.*' --dflare_queries=3 --dflare_json=r.json",
      "DFLARE_QUERIES=4 DFLARE_RNG_SEED=9 DFLARE_OUT=findings");
  const auto row = json("r.json").at("pairs").at(0);
  EXPECT_EQ(row.at("options").at("queries"), "3");
  EXPECT_EQ(row.at("rng_seed"), 9);
  EXPECT_EQ(row.at("queries"), 30);
  EXPECT_TRUE(exists("findings/Same/run.json"));
  EXPECT_FALSE(exists("dflare-findings"));
}

TEST_F(RunnerTest, PropertiesAreInTheXml) {
  run("m.yaml --gtest_filter=Other.seeds_0_to_3 --gtest_output=xml:r.xml");
  const std::string xml = read_file(path("r.xml"));
  for (const char* property : {"name=\"rate\"", "name=\"found\"", "name=\"as_it_is\"",
                               "name=\"seeds\" value=\"4\"", "name=\"queries\"", "name=\"seconds\"",
                               "name=\"rng_seed\" value=\"1\"", "name=\"findings\""}) {
    EXPECT_THAT(xml, HasSubstr(property));
  }
}

TEST_F(RunnerTest, WrongUsageIsTwo) {
  const auto expect_two = [this](const std::string& arguments, const std::string& message,
                                 const std::string& environment = "") {
    const Ended ended = run(arguments, environment);
    EXPECT_EQ(ended.status, 2) << arguments << "\n" << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(message)) << arguments;
    EXPECT_THAT(ended.output, ::testing::Not(HasSubstr("[ RUN "))) << arguments;
  };
  expect_two("", "no manifest is given");
  expect_two("m.yaml n.yaml", "'n.yaml' is one argument too many");
  expect_two("n.yaml", "n.yaml: cannot be read");
  expect_two("m.yaml --dflare_queires=5", "did you mean --dflare_queries?");
  expect_two("m.yaml --gtest_filtr=5", "GoogleTest knows no flag --gtest_filtr=5");
  expect_two("m.yaml", "variable DFLARE_WORKERS): option workers: 'x'", "DFLARE_WORKERS=x");
  expect_two("m.yaml --dflare_original=a.pt", "--dflare_original is for --dflare_replay only");
  expect_two("m.yaml --dflare_out=a.pt/out",
             "the folder for findings (--dflare_out): cannot create files in '" + path("a.pt/out"));
  expect_two("m.yaml --dflare_json=a.pt/r.json",
             "--dflare_json=" + path("a.pt/r.json") + ": cannot create files in '" + path("a.pt"));
  expect_two("m.yaml --dflare_json=seeds",
             "--dflare_json=" + path("seeds") + " is a folder; expected a file");
  expect_two("m.yaml n.yaml --dflare_replay=x", "'n.yaml' is one argument too many");
  expect_two("n.yaml --dflare_replay=x", "n.yaml: cannot be read");
  expect_two("m.yaml --dflare_trust_recorded", "--dflare_trust_recorded is for --dflare_replay");
  expect_two("--dflare_replay=nowhere", "'nowhere' is no folder");
  write("m.yaml", "dflare: 1\npairs: 5\n");
  expect_two("m.yaml", "m.yaml:2: pairs: '5' where a list was expected");
}

TEST_F(RunnerTest, HelpTeaches) {
  const Ended ended = run("--help");
  EXPECT_EQ(ended.status, 0);
  for (const char* part : {"preset: everyday", "worst_deviation_le: 0.2", "closest_deviation_ge: 9",
                           "dflare-test MANIFEST.yaml",
                           "Examples:", "--dflare_queries=", "--gtest_filter", "Exit status"}) {
    EXPECT_THAT(ended.output, HasSubstr(part));
  }
  const Ended version = run("--version");
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.output,
              ::testing::MatchesRegex("dflare-test [0-9.]+\nLibTorch [0-9][^\n]*\n([A-Za-z-]+ "
                                      "[0-9][^\n]*\n)*"));
  const Ended of_gtest = run("--gtest_help");
  EXPECT_EQ(of_gtest.status, 0);
  EXPECT_THAT(of_gtest.output, HasSubstr("--gtest_filter"));
}

class ReplayTest : public RunnerTest {
 protected:
  ReplayTest() {
    run("m.yaml");
    for (const auto& entry : boost::filesystem::directory_iterator(path("dflare-findings/Other"))) {
      if (boost::filesystem::exists(entry.path() / "finding.json"))
        finding_ = entry.path().string();
    }
  }
  std::string finding_;
};

TEST_F(ReplayTest, ShowsBothModelsThenAndNow) {
  ASSERT_FALSE(finding_.empty());
  const auto finding = nlohmann::json::parse(read_file(finding_ + "/finding.json"));
  const Ended ended = run("m.yaml --dflare_replay=" + finding_);
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output,
              ::testing::MatchesRegex(
                  "(.|\n)*original .*a.pt .*\n  recorded  (.*)\n  now       (.*)\ncompressed "
                  ".*other.pt .*\n  recorded  .*\n  now  .*\n(.|\n)*"));
  EXPECT_THAT(
      ended.output,
      HasSubstr("It deviates: the original says " + finding.at("original").at("label").dump() +
                ", the compressed model " + finding.at("compressed").at("label").dump()));
  EXPECT_THAT(ended.output, HasSubstr(finding_ + "/mutant.png"));
  EXPECT_THAT(ended.output,
              ::testing::ContainsRegex("\nregret      (0\\.[0-9e-]+) recorded, 0\\.[0-9e-]+ now\n"
                                       "margin      0\\.[0-9e-]+ recorded, 0\\.[0-9e-]+ now\n"));
  // The scores of then and now are equal: each line is there twice.
  const std::size_t recorded = ended.output.find("  recorded  "),
                    now = ended.output.find("  now       ");
  ASSERT_NE(recorded, std::string::npos);
  EXPECT_EQ(ended.output.substr(recorded + 12, now - recorded - 13),
            ended.output.substr(now + 12, now - recorded - 13));
}

TEST_F(ReplayTest, IsZeroWhereItDoesNotDeviateAnyMore) {
  const Ended ended = run("m.yaml --dflare_replay=" + finding_ + "/ --dflare_compressed=same.pt");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("It does not deviate any more"));
  EXPECT_THAT(ended.output, HasSubstr("warning: "));
}

TEST_F(ReplayTest, TakesAllFindingsBelowAFolder) {
  std::size_t findings = 0;
  for (const auto& entry : boost::filesystem::directory_iterator(path("dflare-findings/Other")))
    findings += boost::filesystem::exists(entry.path() / "finding.json");
  ASSERT_GT(findings, 1U);
  const Ended all = run("m.yaml --dflare_replay=dflare-findings");
  EXPECT_EQ(all.status, 1) << all.output;
  const std::string number = std::to_string(findings);
  EXPECT_THAT(all.output, HasSubstr(finding_ + "  deviates, regret "));
  EXPECT_THAT(all.output, HasSubstr(number + " of " + number + " findings deviate.\n"));
  const Ended none = run("m.yaml --dflare_replay=dflare-findings --dflare_compressed=same.pt");
  EXPECT_EQ(none.status, 0) << none.output;
  EXPECT_THAT(none.output,
              HasSubstr("0 of " + number + " findings deviate; " + number + " with warnings.\n"));
}

TEST_F(ReplayTest, SaysHowATransformationMadeTheMutantAndByWhatItIsJudged) {
  run("m.yaml --dflare_out=strict --dflare_criterion='margin >= 0.05' --dflare_path=transform");
  std::string finding;
  for (const auto& entry : boost::filesystem::directory_iterator(path("strict/Other"))) {
    const std::string file = (entry.path() / "finding.json").string();
    if (boost::filesystem::exists(file) &&
        !nlohmann::json::parse(read_file(file)).at("transformation").is_null())
      finding = entry.path().string();
  }
  ASSERT_FALSE(finding.empty());
  const Ended ended = run("m.yaml --dflare_replay=" + finding);
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("\ncriterion   margin >= 0.05\n"));
  EXPECT_THAT(ended.output,
              ::testing::ContainsRegex(
                  "\nchanged     [^\n]*(rotated|moved|scaled|sheared|contrast|brightness) "));
  EXPECT_THAT(ended.output, ::testing::Not(HasSubstr("warning: ")));
  EXPECT_THAT(ended.output, HasSubstr("It deviates by the criterion 'margin >= 0.05': "));
  const Ended repaired = run("m.yaml --dflare_replay=" + finding + " --dflare_compressed=same.pt");
  EXPECT_EQ(repaired.status, 0) << repaired.output;
  EXPECT_THAT(repaired.output,
              HasSubstr("It does not deviate any more by the criterion 'margin >= 0.05': "));
}

TEST_F(ReplayTest, IsTwoWhereItCannotBe) {
  boost::filesystem::remove(path("other.pt"));
  EXPECT_EQ(run("--dflare_trust_recorded --dflare_replay=" + finding_).status, 2);
  write("other.pt", "no model");
  EXPECT_EQ(run("--dflare_trust_recorded --dflare_replay=" + finding_).status, 2);
  // Its hash is another.
  EXPECT_EQ(run("m.yaml --dflare_replay=" + finding_).status, 2);
  const std::string file = finding_ + "/finding.json";
  auto finding = nlohmann::json::parse(read_file(file));
  finding["original"]["scores"] = nlohmann::json::array();
  write_file(file, finding.dump());
  const Ended without_scores =
      run("m.yaml --dflare_replay=" + finding_ + " --dflare_compressed=same.pt");
  EXPECT_EQ(without_scores.status, 2);
  EXPECT_THAT(without_scores.output,
              HasSubstr("'" + file + "' holds 0 and 4 scores; expected as many of each model"));
  write_file(file, "{}");
  EXPECT_EQ(run("m.yaml --dflare_replay=" + finding_ + " --dflare_compressed=same.pt").status, 2);
}

}  // namespace
}  // namespace dflare::test
