// Which folders are read, what of them, and what becomes of shards.

#include "report/read_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>

#include "report/results.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using report::read_results;
using report::Report;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names_of(const Report& report) {
  std::vector<std::string> names;
  for (const report::Pair& pair : report.pairs) names.push_back(pair.name);
  return names;
}

std::vector<std::string> seeds_of(const report::Pair& pair) {
  std::vector<std::string> seeds;
  for (const report::Finding& finding : pair.findings) seeds.push_back(finding.seed_id);
  return seeds;
}

std::string error_of(const std::string& folder) {
  return message_of<FindingError>([&] { read_results({folder}); });
}

TEST(ReadResults, ReadsAFolderOfFindings) {
  const std::string out = fresh_folder() + "/W4";
  write_run(out, {"b", "a"});
  const Report report = read_results({out + "/"});
  ASSERT_THAT(names_of(report), ElementsAre("W4"));
  const report::Pair& pair = report.pairs[0];
  EXPECT_THAT(seeds_of(pair), ElementsAre("b", "a"));  // in the order of the seeds
  EXPECT_EQ(pair.original.file, "a.pt");
  EXPECT_EQ(pair.compressed.sha256, "0123");
  EXPECT_EQ(pair.seed_count, 10U);
  ASSERT_TRUE(pair.outcomes);
  EXPECT_EQ(pair.outcomes->found, 2U);
  EXPECT_EQ(pair.runs, 1U);
  ASSERT_TRUE(pair.labels);
  EXPECT_EQ(pair.labels->evaluated, 2U);
  EXPECT_EQ(pair.labels->agreed, 2U);
  EXPECT_EQ(pair.labels->original_right, 2U);
  EXPECT_EQ(pair.labels->deviations, 2U);
  EXPECT_EQ(pair.labels->deviations_original_right, 2U);
  EXPECT_TRUE(pair.remarks.empty());
  const report::Finding& finding = pair.findings[0];
  EXPECT_EQ(finding.queries, 17);
  EXPECT_EQ(finding.gradients, 5);
  EXPECT_EQ(finding.original_label, 1);
  EXPECT_EQ(finding.compressed_label, 0);
  ASSERT_EQ(finding.original_top.size(), 2U);
  EXPECT_EQ(finding.original_top[0].label, 1);
  EXPECT_FLOAT_EQ(static_cast<float>(finding.original_top[0].score), 0.6F);
  EXPECT_EQ(finding.change, "rotation 12.2 degrees, scale");
  EXPECT_FALSE(finding.repaired);
  EXPECT_FLOAT_EQ(static_cast<float>(finding.regret), 0.2F);
}

TEST(ReadResults, ReadsWhatAnOlderDflareWrote) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  const auto without = [](const std::string& file, const char* key) {
    auto json = nlohmann::json::parse(read_file(file));
    json.erase(key);
    write_file(file, json.dump());
  };
  without(out + "/1/finding.json", "regret");
  without(out + "/run.json", "seeds_as_they_are");
  const report::Pair pair = read_results({out}).pairs[0];
  EXPECT_FALSE(pair.labels);
  EXPECT_FLOAT_EQ(static_cast<float>(pair.findings[0].regret), 0.2F);
}

TEST(ReadResults, ReadsTheRemarksOfARun) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  auto run = nlohmann::json::parse(read_file(out + "/run.json"));
  run["remarks"] = {"the same file twice"};
  write_file(out + "/run.json", run.dump());
  EXPECT_THAT(read_results({out}).pairs[0].remarks, ElementsAre("the same file twice"));
}

TEST(ReadResults, ReadsWhatIsNotOrdinaryOfTheAnswers) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  auto run = nlohmann::json::parse(read_file(out + "/run.json"));
  run["models"]["original"]["scores"] = "logits";
  run["models"]["compressed"]["scores"] = "a sigmoid for each class";
  run["models"]["compressed"]["one_by_one"] = true;
  write_file(out + "/run.json", run.dump());
  const report::Pair pair = read_results({out}).pairs[0];
  EXPECT_EQ(pair.original_answers, "");
  EXPECT_EQ(pair.compressed_answers, "a sigmoid for each class, images evaluated alone");
}

TEST(ReadResults, RefusesAFindingWithoutAsManyScoresOfBoth) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  const std::string file = out + "/1/finding.json";
  auto finding = nlohmann::json::parse(read_file(file));
  finding["compressed"]["scores"] = {1.0};
  write_file(file, finding.dump());
  EXPECT_THAT(error_of(out),
              AllOf(HasSubstr(file), HasSubstr("1 scores, expected 2 as of the original")));
}

TEST(ReadResults, TellsWhatMadeTheMutant) {
  const std::string out = fresh_folder();
  Deviation transformed = deviation_of("t"), many = deviation_of("m");
  transformed.transformation = some_transformation();
  many.position = 4;
  many.history.assign(3, {"noise", 1, ""});
  for (int i = 0; i < 20; ++i)
    many.history.push_back({i % 2 == 0 ? "median_blur" : "average", 3, "pixels"});
  write_deviations(out, {transformed, many});
  const Report report = read_results({out});
  EXPECT_THAT(report.pairs[0].findings[0].change, HasSubstr("rotated 0.3 degrees"));
  EXPECT_THAT(report.pairs[0].findings[1].change,
              AllOf(HasSubstr("noise x3, median_blur 3 pixels"), HasSubstr(", 9 more")));
}

TEST(ReadResults, FindsPairsAnywhereBelow) {
  const std::string out = fresh_folder();
  write_run(out + "/job1/dflare/W8", {"1"});
  write_run(out + "/job2/dflare/W4", {"2"}, 10, Options().queries(7));
  write_run(out + "/job2/dflare/Nothing", {}, 3);
  const Report report = read_results({out});
  EXPECT_THAT(names_of(report), ElementsAre("W8", "Nothing", "W4"));
  EXPECT_TRUE(report.pairs[1].findings.empty());
}

TEST(ReadResults, ReadsAFolderOnceHoweverItIsNamed) {
  const std::string out = fresh_folder();
  write_run(out + "/W4", {"1"});
  const Report report = read_results({out, out + "/W4", out + "/W4/../W4"});
  ASSERT_EQ(report.pairs.size(), 1U);
  EXPECT_EQ(report.pairs[0].runs, 1U);
}

TEST(ReadResults, LeavesAloneWhatIsHalfWritten) {
  const std::string out = fresh_folder();
  write_run(out, {"1"});
  fs::create_directory(out + "/.dflare-writing-2");
  write_file(out + "/.dflare-writing-2/finding.json", "{");
  EXPECT_THAT(seeds_of(read_results({out}).pairs[0]), ElementsAre("1"));
}

TEST(ReadResults, OfARunThatDidNotFinishHasNoOutcomes) {
  const std::string out = fresh_folder();
  FakeModel original(bright_above(100), of_file("a.pt")),
      compressed(bright_above(120), of_file("b.pt"));
  FindingWriter writer(out, original, compressed, some_seeds(), {});
  writer.deviation(deviation_of("1"));
  const Report report = read_results({out});
  EXPECT_FALSE(report.pairs[0].outcomes);
  EXPECT_EQ(report.pairs[0].unfinished, 1U);
  EXPECT_EQ(report.pairs[0].findings.size(), 1U);
}

TEST(MergedShards, AreOnePair) {
  const std::string out = fresh_folder();
  write_run(out + "/W4.shard_2_of_2", {"c"});
  write_run(out + "/W4.shard_1_of_2", {"a", "b"});
  const Report report = read_results({out});
  ASSERT_THAT(names_of(report), ElementsAre("W4"));
  EXPECT_EQ(report.pairs[0].findings.size(), 3U);
  EXPECT_EQ(report.pairs[0].runs, 2U);
  ASSERT_TRUE(report.pairs[0].outcomes);
  EXPECT_EQ(report.pairs[0].outcomes->found, 3U);
}

TEST(MergedShards, MayComeFromFoldersOfAnyName) {
  const std::string out = fresh_folder();
  write_run(out + "/first", {"a"});
  write_run(out + "/second", {"b"}, 10, Options().workers(3));  // workers change no finding
  EXPECT_THAT(names_of(read_results({out + "/first", out + "/second"})),
              ElementsAre("first, second"));
  // Found below, they may be two tests of the same pair.
  EXPECT_THAT(names_of(read_results({out})), ElementsAre("first", "second"));
}

TEST(MergedShards, DropSeedsThatAreThereAlready) {
  const std::string out = fresh_folder();
  write_run(out + "/1/W4", {"a", "b"});
  write_run(out + "/2/W4", {"b", "c"});
  const Report report = read_results({out});
  ASSERT_EQ(report.pairs.size(), 1U);
  EXPECT_EQ(report.pairs[0].findings.size(), 3U);
  EXPECT_EQ(report.pairs[0].duplicates, 1U);
  EXPECT_FALSE(report.pairs[0].outcomes);  // their sum would count 'b' twice
}

TEST(MergedShards, AreOnlyRunsWithTheSameOptionsAndSeeds) {
  const std::string out = fresh_folder();
  write_run(out + "/1/W4", {"a"});
  write_run(out + "/2/W4", {"b"}, 10, Options().rng_seed(2));
  write_run(out + "/3/W4", {"c"}, 11);
  EXPECT_EQ(read_results({out}).pairs.size(), 3U);
}

TEST(MergedShards, AreNotRunsWithOtherOptionsThatOnlyTheirProgramKnows) {
  const std::string out = fresh_folder();
  for (const char* step : {"1", "2"}) {
    const std::string folder = out + "/" + step + "/W4";
    write_run(folder, {step});
    auto run = nlohmann::ordered_json::parse(read_file(folder + "/run.json"));
    run["options"]["step_of_ones_own"] = step;
    write_file(folder + "/run.json", run.dump());
  }
  const Report report = read_results({out});
  ASSERT_EQ(report.pairs.size(), 2U);
  EXPECT_THAT(report.pairs[0].options,
              ::testing::Contains(std::pair<std::string, std::string>("step_of_ones_own", "1")));
}

TEST(ReadRepair, KnowsWhatWasRepaired) {
  const std::string out = fresh_folder() + "/W4";
  write_repair(out, {"a", "b", "c"});
  const Report report = read_results({out});
  ASSERT_EQ(report.repairs.size(), 1U);
  EXPECT_EQ(report.repairs[0].name, "W4");
  EXPECT_EQ(report.repairs[0].report.at("verdict"), "repaired");
  ASSERT_THAT(names_of(report), ElementsAre("W4, unseen seeds"));  // not those it was trained on
  EXPECT_EQ(report.pairs[0].findings[0].repaired, true);
  EXPECT_EQ(report.pairs[0].findings[1].repaired, false);
  EXPECT_EQ(report.pairs[0].findings[1].repaired_by_control, false);
  EXPECT_THAT(names_of(read_results({out + "/findings"})), ElementsAre("W4/findings"));
}

TEST(ReadRepair, LeavesOutWhatAnEarlierRepairFound) {
  const std::string out = fresh_folder() + "/W4";
  write_repair(out, {"a"});
  auto json = nlohmann::json::parse(read_file(out + "/report.json"));
  json["repaired"]["worst_repaired"] = nullptr;  // unseen seeds were not searched
  write_file(out + "/report.json", json.dump());
  const Report report = read_results({out});
  EXPECT_EQ(report.repairs.size(), 1U);
  EXPECT_TRUE(report.pairs.empty());
}

TEST(ReadResultsErrors, NameTheFolderAndWhatWasExpected) {
  const std::string out = fresh_folder();
  EXPECT_THAT(error_of(out + "/nowhere"), HasSubstr("/nowhere' is no folder"));
  EXPECT_THAT(error_of(out), AllOf(HasSubstr("'" + out + "' holds no results"),
                                   HasSubstr("expected a folder of findings (with a run.json)")));
  write_run(out + "/W4", {"a"});
  EXPECT_THAT(error_of(out + "/W4/a"),
              AllOf(HasSubstr("is a single finding"), HasSubstr("(" + out + "/W4)")));
}

TEST(ReadResultsErrors, NameTheDamagedFile) {
  const std::string out = fresh_folder();
  write_run(out, {"a"});
  const std::string file = out + "/a/finding.json";
  const std::string whole = read_file(file);
  write_file(file, whole.substr(0, whole.size() / 2));
  EXPECT_THAT(error_of(out), HasSubstr("'" + file + "' is damaged"));
  auto json = nlohmann::json::parse(whole);
  json["original"].erase("scores");
  write_file(file, json.dump());
  EXPECT_THAT(error_of(out),
              AllOf(HasSubstr("'" + file + "' is damaged"), HasSubstr("/original/scores")));
  json["dflare_finding"] = 99;
  write_file(file, json.dump());
  EXPECT_THAT(error_of(out), HasSubstr("newer dflare"));
  write_file(file, whole);
  write_file(out + "/run.json", R"({"dflare_run": 1})");
  EXPECT_THAT(error_of(out), HasSubstr("run.json' is damaged"));
}

}  // namespace
}  // namespace dflare::test
