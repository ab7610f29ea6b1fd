#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "dflare/model.hpp"
#include "dflare/random.hpp"
#include "gtest_plugin/child.hpp"
#include "support/files.hpp"
#include "support/images.hpp"
#include "support/torch_models.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A folder with two small models and a configuration, in which dflare-repair runs.
class RepairRun : public ::testing::Test {
 protected:
  RepairRun() : folder_(fresh_folder()) {
    save_cnn(path("a.pt"), 1, size, size, classes);
    save_cnn(path("b.pt"), 1, size, size, classes, 0.5);
    write_pictures("training", 0, 40);
    write_pictures("unseen", 100, 20);
    write("c.yaml", config());
  }

  static constexpr int size = 12, classes = 4;

  static Image noise(int variant) {
    Random random(static_cast<std::uint64_t>(variant));
    Image image(size, size, CV_8UC1);
    for (int i = 0; i < size * size; ++i)
      image.data[i] = static_cast<unsigned char>(random.integer(0, 255));
    return image;
  }
  void write_pictures(const std::string& folder, int first, int count) const {
    fs::create_directories(path(folder));
    for (int i = first; i < first + count; ++i)
      write_png(path(folder) + "/" + std::to_string(i) + ".png", noise(i));
  }

  /// `gates` and `more` are lines of YAML.
  static std::string config(const std::string& gates = "", const std::string& more = "",
                            const std::string& train = "learning_rate: 0.003",
                            const std::string& models = "original: a.pt\ncompressed: b.pt\n") {
    return "dflare_repair: 1\n" + models +
           "seeds: training\nunseen: unseen\nout: out\nsearch: {queries: 20}\n"
           "train: {rounds: 2, steps: 20, batch: 16, min_gain: 0, " +
           train +
           "}\n"
           "retest: {first_queries: 50, worst_queries: 20, everyday_queries: 5, dflare_queries: "
           "20}\n"
           "gates: {min_repaired: 0, min_agreement: 0, max_worst_margin: 100" +
           (gates.empty() ? "" : ", " + gates) + "}\n" + more;
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string file(const std::string& name) const { return read_file(path(name)); }
  bool exists(const std::string& name) const { return fs::exists(path(name)); }
  nlohmann::json json(const std::string& name) const { return nlohmann::json::parse(file(name)); }
  nlohmann::json report(const std::string& out = "out") const {
    nlohmann::json report = json(out + "/report.json");
    report.erase("seconds");
    return report;
  }

  Ended run(const std::string& arguments = "c.yaml") const {
    return run_in(folder_, DFLARE_REPAIR_PROGRAM " " + arguments);
  }
  /// It fails, says so in one line, and leaves no model.
  void expect_error(const std::string& message, const std::string& arguments = "c.yaml") const {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("dflare-repair: "));
    EXPECT_THAT(ended.output, HasSubstr(message));
    EXPECT_FALSE(exists("out/repaired.pt"));
    EXPECT_FALSE(exists("out/report.json"));
  }

  std::string folder_;
};

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

TEST_F(RepairRun, OtherClassesAreAnError) {
  save_cnn(path("b.pt"), 1, size, size, classes + 1);
  expect_error("the models do not fit each other: '" + path("a.pt") + "' answers 4 classes");
}

TEST_F(RepairRun, AnUnknownKeyIsAnErrorWithItsLine) {
  write("c.yaml", config("", "trian: {rounds: 1}\n"));
  expect_error("c.yaml:11:");
  expect_error("trian");
  write("c.yaml", config("", "unsen: unseen\n"));
  expect_error("did you mean 'unseen'");
  write("c.yaml", config("", "", "learning_rat: 0.1"));
  expect_error("did you mean 'learning_rate'");
}

TEST_F(RepairRun, NoConfigurationAndUnknownFlagsAreErrors) {
  expect_error("no configuration is given", "");
  expect_error("nowhere.yaml", "nowhere.yaml");
  expect_error("--unheard_of", "c.yaml --unheard_of");
  expect_error("--workers", "c.yaml --workers=-1");
}

TEST_F(RepairRun, DamagedModelsAreErrors) {
  write("b.pt", "no model");
  expect_error("b.pt");
}

TEST_F(RepairRun, AnUnseenImageThatIsATrainingImageIsAnError) {
  fs::copy_file(path("training/7.png"), path("unseen/other_name.png"));
  expect_error(
      "unseen: 1 of its 21 images are among the training seeds ('other_name.png' of unseen is "
      "'7.png' of seeds)");
}

TEST_F(RepairRun, OneTrainingSeedIsTooFew) {
  fs::create_directory(path("one"));
  fs::copy_file(path("training/0.png"), path("one/0.png"));
  fs::remove_all(path("training"));
  fs::rename(path("one"), path("training"));
  expect_error("seeds: 1 image; expected at least 2");
}

TEST_F(RepairRun, DivergingTrainingIsAnError) {
  write("c.yaml", config("", "", "learning_rate: 1e30"));
  expect_error("training diverged: the loss is ");
  expect_error("Lower train.learning_rate (1e+30) and run again");
}

TEST_F(RepairRun, TheCompressedFileIsReplacedOnlyWhereThatIsAskedFor) {
  write("c.yaml", config("", "repaired: b.pt\n"));
  const std::string compressed = file("b.pt");
  expect_error(
      "is the compressed model's own file; expected another file, or set "
      "overwrite_input: true");
  write("c.yaml", config("", "repaired: a.pt\noverwrite_input: true\n"));
  expect_error("is the original's file, which is never written");
  EXPECT_EQ(file("b.pt"), compressed);

  write("c.yaml", config("", "repaired: b.pt\noverwrite_input: true\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_NE(file("b.pt"), compressed);
  EXPECT_EQ(load(path("b.pt"))->info().sha256, report().at("repaired").at("sha256"));
  EXPECT_FALSE(exists("out/repaired.pt"));
}

TEST_F(RepairRun, OutputThatCannotBeWrittenIsAnErrorBeforeTheSearch) {
  for (const char* more : {"repaired: nowhere/r.pt\n", "repaired: a.pt/r.pt\n"}) {
    write("c.yaml", config("", more));
    const Ended ended = run();
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("cannot write '"));
    EXPECT_THAT(ended.output, HasSubstr("/r.pt'"));
    EXPECT_THAT(ended.output, Not(HasSubstr("searching")));
  }
  write("c.yaml", config());
  const Ended ended = run("c.yaml --out=a.pt/out");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("out: the folder '" + path("a.pt/out") + "' cannot be made"));
}

TEST_F(RepairRun, AFullDiskLeavesNoModel) {
  write("c.yaml", config("", "repaired: sub/repaired.pt\n"));
  fs::create_directory(path("sub"));
  for (const char* blocks : {"0", "1", "4", "8"}) {  // of 1024 bytes; the model has more of them
    const Ended ended =
        run_in(folder_, std::string("bash -c \"trap '' XFSZ; ulimit -f ") + blocks + "; exec " +
                            DFLARE_REPAIR_PROGRAM + " c.yaml --quiet\"");
    EXPECT_EQ(ended.status, 2) << blocks << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("dflare-repair: cannot write ")) << blocks;
    EXPECT_THAT(ended.output, HasSubstr("File too large")) << blocks;
    EXPECT_TRUE(fs::is_empty(path("sub"))) << blocks;
    for (const auto& entry : fs::directory_iterator(path("out")))
      EXPECT_THAT(entry.path().filename().string(), Not(StartsWith(".dflare"))) << blocks;
  }
}

TEST_F(RepairRun, WhereTheReportCannotBeWrittenThereIsNoModel) {
  fs::create_directories(path("out/report.txt/x"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("cannot write '" + path("out") + "/report.txt'"));
  EXPECT_FALSE(exists("out/repaired.pt"));
  // What took long is still there.
  EXPECT_TRUE(exists("out/state.bin"));
  fs::remove_all(path("out/report.txt"));
  const Ended again = run("c.yaml --resume");
  EXPECT_EQ(again.status, 0) << again.output;
  EXPECT_THAT(again.output, Not(HasSubstr("training, round")));
  EXPECT_TRUE(exists("out/repaired.pt"));
}

TEST_F(RepairRun, FindingsOfAnotherRunAreACorpus) {
  ASSERT_EQ(run().status, 0);
  fs::rename(path("out"), path("first"));
  const std::size_t found = json("first/report.json").at("rounds").at(0).at("findings");
  write("c.yaml", config("", "corpus: first/findings\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, Not(HasSubstr("searching the training seeds")));
  EXPECT_EQ(report().at("rounds").at(0).at("findings"), found);
  EXPECT_FALSE(exists("out/findings"));
  EXPECT_EQ(file("out/repaired.pt"), file("first/repaired.pt"));
}

TEST_F(RepairRun, AWrongCorpusIsAnError) {
  ASSERT_EQ(run().status, 0);
  fs::rename(path("out"), path("first"));

  write("c.yaml", config("", "corpus: nowhere\n"));
  expect_error("there is no folder '" + path("nowhere") + "'");

  fs::create_directory(path("empty"));
  write("c.yaml", config("", "corpus: empty\n"));
  expect_error("corpus '" + path("empty") + "': no finding is in it");

  write("c.yaml", config("", "corpus: first/unseen\n"));
  expect_error("was made from an image of unseen; a re-test on it would say nothing");

  write("c.yaml", config("", "corpus: first/findings\n"));
  save_cnn(path("b.pt"), 1, size, size, classes, 0.4);
  expect_error("this finding was made with another compressed model: ");
  expect_error("give a corpus of this pair", "c.yaml --dry-run");
  for (const auto& entry : fs::directory_iterator(path("first/findings"))) {
    if (!fs::is_directory(entry.path())) continue;
    std::ofstream((entry.path() / "finding.json").string()) << "{";
    break;
  }
  expect_error("finding.json");
}

TEST_F(RepairRun, TheSameConfigurationGivesTheSameFiles) {
  ASSERT_EQ(run("c.yaml --out=one --workers=1").status, 0);
  ASSERT_EQ(run("c.yaml --out=two --workers=3").status, 0);
  EXPECT_EQ(file("one/repaired.pt"), file("two/repaired.pt"));
  EXPECT_EQ(report("one"), report("two"));
  EXPECT_EQ(file("one/findings.json"), file("two/findings.json"));
}

TEST_F(RepairRun, AnInterruptedRunGoesOn) {
  write("c.yaml", config("", "", "learning_rate: 0.001, steps: 400")
                      .replace(config().find("steps: 20, "), 11, ""));
  ASSERT_EQ(run("c.yaml --out=whole").status, 0);
  ASSERT_EQ(report("whole").at("rounds").size(), 3U);

  const Ended ended = run_in(folder_, DFLARE_REPAIR_PROGRAM R"( c.yaml 2>progress &
while ! grep -q 'training, round 2 of at most 2' progress && kill -0 $! 2>&-; do sleep 0.02; done
kill -INT $!
wait $!; status=$?
cat progress
exit $status)");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[ dflare   ] interrupted: stopping"));
  EXPECT_THAT(ended.output, HasSubstr("dflare-repair: training was interrupted; --resume goes on "
                                      "after the last finished round\n"));
  EXPECT_FALSE(exists("out/repaired.pt"));
  EXPECT_FALSE(exists("out/report.json"));
  ASSERT_TRUE(exists("out/state.bin"));
  const std::string state = file("out/state.bin");

  // Of another configuration, or damaged.
  const std::string whole = file("c.yaml");
  write("d.yaml", config());
  expect_error(
      "the interrupted repair had other settings, models or seeds; run with those, or "
      "without --resume to begin anew",
      "d.yaml --resume");
  for (const std::string& damaged :
       {std::string("damaged"), state.substr(0, state.size() / 2), std::string()}) {
    write("out/state.bin", damaged);
    expect_error("out/state.bin: this is no state of a repair, or a damaged one",
                 "c.yaml --resume");
  }
  write("out/state.bin", state);

  const Ended resumed = run("c.yaml --resume");
  EXPECT_EQ(resumed.status, 0) << resumed.output;
  EXPECT_THAT(resumed.output, Not(HasSubstr("training, round 1")));
  EXPECT_THAT(resumed.output, HasSubstr("training, round 2"));
  EXPECT_THAT(resumed.output, Not(HasSubstr("searching the training seeds")));
  EXPECT_EQ(file("out/repaired.pt"), file("whole/repaired.pt"));
  EXPECT_EQ(report("out"), report("whole"));
  EXPECT_EQ(file("out/findings.json"), file("whole/findings.json"));
  EXPECT_FALSE(exists("out/state.bin"));
}

TEST_F(RepairRun, WithoutResumeAnInterruptedRunBeginsAnew) {
  fs::create_directory(path("out"));
  write("out/state.bin", "damaged");
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("training, round 1"));
}

TEST_F(RepairRun, ADryRunSaysWhatWasRecognisedAndWritesNothing) {
  const Ended ended = run("c.yaml --dry-run");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("weights in 2 tensors of convolutions and linear layers"));
  EXPECT_THAT(ended.output, HasSubstr("40 seeds to train on, 20 unseen\n"));
  EXPECT_FALSE(exists("out"));
}

TEST_F(RepairRun, ADryRunChecksWhereResultsGo) {
  write("plain", "a file");
  write("c.yaml", config().replace(config().find("out: out"), 8, "out: plain/out"));
  expect_error("out: nothing can be written to '" + path("plain/out") + "': '" + path("plain") +
                   "' is no folder; give another",
               "c.yaml --dry-run");
  write("c.yaml", config("", "repaired: nowhere/model.pt\n"));
  expect_error("repaired: there is no folder '" + path("nowhere") + "'", "c.yaml --dry-run");
  EXPECT_FALSE(exists("out"));
}

TEST_F(RepairRun, ADryRunNamesTheModelThatCannotBeTrained) {
  write("c.yaml", config("", "kind: {grid: keep}\n"));
  expect_error("model file '" + path("b.pt") + "': ", "c.yaml --dry-run");
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

TEST_F(RepairRun, FindingsOfAnEarlierRunDoNotPassForThisOnes) {
  ASSERT_EQ(run().status, 0);
  const auto folders = [this] {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(path("out/unseen")))
      count += fs::is_directory(entry.path());
    return count;
  };
  ASSERT_GT(folders(), 0);
  std::string text = config();
  const std::string worst = "worst_queries: 20";
  write("c.yaml", text.replace(text.find(worst), worst.size(), "worst_queries: 0"));
  ASSERT_EQ(run().status, 0);
  EXPECT_EQ(folders(), 0);
}

TEST_F(RepairRun, ACorrectorIsWrittenWithTheModelInside) {
  write("c.yaml", config("", "kind: {approach: corrector}\n"));
  const Ended ended = run();
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("corrector on top of its scores"));
  EXPECT_GT(fs::file_size(path("out/repaired.pt")), fs::file_size(path("b.pt")));
  EXPECT_EQ(load(path("out/repaired.pt"))->predict(noise(1)).classes(), classes);
}

TEST_F(RepairRun, PrintsAConfigurationHelpAndVersion) {
  const Ended printed = run("--print-config");
  EXPECT_EQ(printed.status, 0);
  EXPECT_THAT(printed.output, HasSubstr("\ndflare_repair: 1"));
  const Ended help = run("--help");
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.output, HasSubstr("Exit status: 0 repaired"));
  EXPECT_EQ(run("--version").status, 0);
}

TEST_F(RepairRun, ProgressOnAPipeIsPlainLines) {
  const Ended ended = run();
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] searching the training seeds"));
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] training, round 1 of at most 2: "));
  EXPECT_THAT(ended.output, HasSubstr("[ repair ] searching the unseen seeds (worst), repaired"));
  EXPECT_THAT(ended.output, Not(HasSubstr("\r")));
  EXPECT_THAT(ended.output, Not(HasSubstr("\x1b")));
  EXPECT_EQ(run("c.yaml --quiet --out=quiet").output, "");
  EXPECT_TRUE(exists("quiet/report.txt"));
}

TEST_F(RepairRun, ThereHasToBeSomethingToResume) {
  write("c.yaml", config());
  expect_error("there is no interrupted repair in '" + path("out") + "'", "c.yaml --resume");
}

}  // namespace
}  // namespace dflare::test
