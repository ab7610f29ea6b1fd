#include "repair/repair_run.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RepairRun, WritesModelReportsAndFindings) {
  write_pictures("test/0", 200, 5);
  write_pictures("test/1", 300, 5);
  write_pictures("test/2", 400, 5);
  write_pictures("test/3", 500, 5);
  write("c.yaml", config("max_accuracy_drop: 1", "test: {folder: test, classes: true}\n"));
  const std::string compressed = file("b.pt");
  const Ended ended = run();
  ASSERT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("Repaired."));
  EXPECT_THAT(ended.output, HasSubstr("Repaired model: " + path("out") + "/repaired.pt\n"));
  EXPECT_THAT(ended.output, HasSubstr(file("out/report.txt")));
  EXPECT_THAT(file("out/report.html"), ::testing::AllOf(HasSubstr("\"verdict\":\"repaired\""),
                                                        HasSubstr("\"repaired\":true")));
  EXPECT_EQ(file("b.pt"), compressed);
  EXPECT_NE(file("out/repaired.pt"), compressed);
  EXPECT_FALSE(exists("out/state.bin"));

  const nlohmann::json report = json("out/report.json");
  for (const char* key : {"dflare_repair_report",
                          "dflare",
                          "verdict",
                          "models",
                          "seeds",
                          "unseen",
                          "recognised",
                          "search",
                          "rounds",
                          "learning_rate",
                          "best_round",
                          "control_best_round",
                          "before",
                          "control",
                          "repaired",
                          "against_control",
                          "original_accuracy",
                          "gates",
                          "remarks",
                          "repaired_file",
                          "seconds"})
    EXPECT_TRUE(report.contains(key)) << key;
  EXPECT_EQ(report.at("verdict"), "repaired");
  EXPECT_EQ(report.at("repaired_file"), "repaired.pt");
  EXPECT_EQ(report.at("seeds").at("size"), 40);
  EXPECT_EQ(report.at("unseen").at("size"), 20);
  EXPECT_EQ(report.at("rounds").at(0).at("number"), 0);
  EXPECT_GE(report.at("best_round"), 1);
  EXPECT_TRUE(report.at("original_accuracy").is_number());
  for (const char* model : {"before", "control", "repaired"}) {
    const nlohmann::json& measured = report.at(model);
    EXPECT_EQ(measured.at("labels").at("of"), "test");
    EXPECT_EQ(measured.at("labels").at("images"), 20);
    EXPECT_TRUE(measured.at("accuracy").is_number());
    EXPECT_GT(measured.at("file").at("weights"), 0);
    for (const char* search : {"first", "worst", "everyday", "dflare"})
      EXPECT_EQ(measured.at("searches").at(search).at("seeds"), 20) << model << search;
  }
  EXPECT_LT(report.at("rounds").back().at("validation"),
            report.at("rounds").front().at("validation"));

  const nlohmann::json findings = json("out/findings.json");
  EXPECT_EQ(findings.at("dflare_repair_findings"), 1);
  EXPECT_FALSE(findings.at("training").empty());
  ASSERT_FALSE(findings.at("unseen_worst").empty());
  EXPECT_EQ(findings.at("unseen_worst").size(),
            report.at("repaired").at("worst_repaired").at("inputs"));
  EXPECT_TRUE(findings.at("unseen_worst").at(0).at("repaired").is_boolean());
  for (const char* folder : {"out/findings", "out/unseen"})
    EXPECT_TRUE(exists(folder + std::string("/run.json")));

  const auto model = load(path("out/repaired.pt"));
  EXPECT_EQ(model->predict(noise(0)).classes(), classes);
  EXPECT_EQ(report.at("repaired").at("sha256"), model->info().sha256);
}

TEST_F(RepairRun, GatesThatAreNotMetKeepTheOlderModel) {
  fs::create_directory(path("out"));
  write("out/repaired.pt", "of an earlier run");
  write("c.yaml", config("min_repaired_first: 1"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_EQ(file("out/repaired.pt"), "of an earlier run");
  EXPECT_THAT(ended.output, HasSubstr("Not repaired: gates not met: min_repaired_first. "));
  EXPECT_THAT(ended.output, ContainsRegex("NOT MET +min_repaired_first"));
  EXPECT_THAT(ended.output, Not(HasSubstr("Repaired model:")));
  const nlohmann::json r = report();
  EXPECT_EQ(r.at("verdict"), "gates_not_met");
  EXPECT_TRUE(r.at("repaired_file").is_null());
  int unmet = 0;
  for (const auto& gate : r.at("gates")) unmet += !gate.at("met").get<bool>();
  EXPECT_EQ(unmet, 1);
}

TEST_F(RepairRun, NothingFoundIsZeroAndNoModel) {
  fs::copy_file(path("a.pt"), path("same.pt"));
  write("c.yaml", config("", "", "learning_rate: 0.003", "original: a.pt\ncompressed: same.pt\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("Nothing to repair: no triggering input was found from 40"));
  EXPECT_EQ(report().at("verdict"), "nothing_found");
  // The examination says so as well.
  ASSERT_FALSE(report().at("remarks").empty());
  EXPECT_THAT(report().at("remarks").at(0).get<std::string>(), HasSubstr("same"));
  EXPECT_TRUE(exists("out/report.txt"));
  EXPECT_TRUE(exists("out/report.html"));
  EXPECT_FALSE(exists("out/repaired.pt"));
  EXPECT_FALSE(exists("out/state.bin"));
}

TEST_F(RepairRun, LearningRateIsTriedWhereItIsNotGiven) {
  write("c.yaml", config("", "", "learning_rate: auto"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] trying learning rates"));
  EXPECT_THAT((std::vector<double>{2e-3, 1e-3, 3e-4, 1e-4}),
              ::testing::Contains(report().at("learning_rate").get<double>()));
}

TEST_F(RepairRun, TheSameConfigurationGivesTheSameFiles) {
  ASSERT_EQ(run("c.yaml --out=one --workers=1").status, 0);
  ASSERT_EQ(run("c.yaml --out=two --workers=3").status, 0);
  EXPECT_EQ(file("one/repaired.pt"), file("two/repaired.pt"));
  EXPECT_EQ(report("one"), report("two"));
  EXPECT_EQ(file("one/findings.json"), file("two/findings.json"));
}

TEST_F(RepairRun, TrainingEndsAfterRoundsThatDoNotHelp) {
  // A gain of nine tenths is more than any round has.
  const std::string greedy = "learning_rate: 0.0001, rounds: 5, min_gain: 0.9, patience: ";
  const auto with = [&](const std::string& patience) {
    std::string text = config("", "", greedy + patience);
    for (const std::string given : {"rounds: 2, ", "min_gain: 0, "})
      text.erase(text.find(given), given.size());
    write("c.yaml", text);
    run();
    return report().at("rounds").size();
  };
  EXPECT_EQ(with("0"), 2U);
  EXPECT_EQ(with("2"), 4U);
}

TEST_F(RepairRun, ACorrectorIsWrittenWithTheModelInside) {
  write("c.yaml", config("", "kind: {approach: corrector}\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("corrector on top of its scores"));
  EXPECT_GT(fs::file_size(path("out/repaired.pt")), fs::file_size(path("b.pt")));
  EXPECT_EQ(load(path("out/repaired.pt"))->predict(noise(1)).classes(), classes);
}

TEST_F(RepairRun, SaysItsVersionAndThoseOfWhatModelsRunBy) {
  const Ended ended = run("--version");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, ContainsRegex("^dflare-repair [0-9.]+\nLibTorch [0-9]"));
}

}  // namespace
}  // namespace dflare::test
