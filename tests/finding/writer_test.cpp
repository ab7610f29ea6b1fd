// What a finding's folder holds.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <set>

#include "finding/fakes.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

json written(const Deviation& deviation, const Options& options = {}) {
  Pair pair;
  FindingWriter writer(fresh_folder(), pair.original, pair.compressed, some_seeds(), options);
  writer.deviation(deviation);
  return json::parse(content_of(writer.folder_of(deviation.seed.id) + "/finding.json"));
}

TEST(FindingWriter, WritesThreePicturesAndAJsonFile) {
  Pair pair;
  const std::string out = fresh_folder() + "/new/folders";
  FindingWriter writer(out, pair.original, pair.compressed, some_seeds(), {});
  writer.deviation(deviation_of("17"));
  EXPECT_EQ(writer.folder(), out);
  EXPECT_EQ(writer.folder_of("17"), out + "/17");
  EXPECT_EQ(names_in(out), (std::set<std::string>{"17", "run.json"}));
  EXPECT_EQ(names_in(out + "/17"),
            (std::set<std::string>{"seed.png", "mutant.png", "difference.png", "finding.json"}));
}

TEST(FindingWriter, SavesTheVeryPixelsAndLeavesThemAlone) {
  Pair pair;
  for (const int channels : {1, 3}) {
    Deviation deviation = deviation_of("17");
    deviation.seed.image = picture(9, 7, channels, 1);
    deviation.mutant = picture(9, 7, channels, 2);
    const Image seed = deviation.seed.image.clone(), mutant = deviation.mutant.clone();
    FindingWriter writer(fresh_folder(), pair.original, pair.compressed, some_seeds(), {});
    writer.deviation(deviation);
    EXPECT_TRUE(same_pixels(deviation.seed.image, seed));
    EXPECT_TRUE(same_pixels(deviation.mutant, mutant));
    EXPECT_TRUE(same_pixels(read_image(writer.folder_of("17") + "/seed.png"), seed));
    EXPECT_TRUE(same_pixels(read_image(writer.folder_of("17") + "/mutant.png"), mutant));
    const Image difference = read_image(writer.folder_of("17") + "/difference.png");
    EXPECT_EQ(size_of(difference), size_of(seed));
    double lowest = 0, highest = 0;
    cv::minMaxLoc(difference.reshape(1), &lowest, &highest);
    EXPECT_TRUE(lowest == 1 || highest == 255);  // visible: stretched to the full range
  }
}

TEST(FindingJson, TellsWhatWasFound) {
  const Deviation deviation = deviation_of("some seed");
  const json found = written(deviation);
  EXPECT_EQ(found["dflare_finding"], 2);
  EXPECT_EQ(found["seed"], json({{"id", "some seed"}, {"position", 3}, {"label", nullptr}}));
  EXPECT_EQ(found["as_it_is"], false);
  EXPECT_EQ(found["queries"], 17);
  EXPECT_EQ(found["gradients"], 5);
  EXPECT_EQ(found["paths"], 2);
  EXPECT_TRUE(found["transformation"].is_null());
  EXPECT_EQ(found["original"]["label"], 1);
  EXPECT_EQ(found["compressed"]["label"], 0);
  EXPECT_EQ(found["history"],
            json({{{"operator", "rotation"}, {"strength", 12.25}, {"unit", "degrees"}},
                  {{"operator", "scale"}, {"strength", 0.9}, {"unit", ""}}}));
  const Distances expected = distances(deviation.seed.image, deviation.mutant);
  EXPECT_EQ(found["distances"],
            json({{"l2", expected.l2}, {"l_inf", expected.l_inf}, {"ssim", expected.ssim}}));
  EXPECT_DOUBLE_EQ(found["difference_gain"].get<double>(), 127 / expected.l_inf);
}

TEST(FindingJson, KeepsEveryBitOfScoresRegretAndMargin) {
  Deviation deviation = deviation_of("17");
  deviation.original_scores = {0.1F, 1.0F / 3, 0.56666666F};
  deviation.compressed_scores = {0.7F, 1e-9F, 0.29999998F};
  deviation.regret = 0.1 + 0.7;
  deviation.margin = 0.1 + 0.2;
  const json found = written(deviation);
  EXPECT_EQ(found["original"]["scores"].get<std::vector<float>>(), deviation.original_scores);
  EXPECT_EQ(found["compressed"]["scores"].get<std::vector<float>>(), deviation.compressed_scores);
  EXPECT_EQ(found["regret"].get<double>(), deviation.regret);
  EXPECT_EQ(found["margin"].get<double>(), deviation.margin);
}

TEST(FindingJson, KeepsEveryBitOfATransformation) {
  Deviation deviation = deviation_of("17");
  deviation.transformation = some_transformation();
  EXPECT_EQ(written(deviation)["transformation"], json({{"rotate", 0.1 + 0.2},
                                                        {"right", 1.0 / 3},
                                                        {"down", -1e-9},
                                                        {"scale", 0.95},
                                                        {"shear", 0.01},
                                                        {"contrast", 1.1},
                                                        {"brightness", -7.25},
                                                        {"dither", 4000000000U}}));
}

TEST(FindingJson, SaysWhatTheModelsScoresWereFoundToBe) {
  Pair pair;
  pair.compressed.settle(Output::probabilities, "probabilities in steps of 1/256", false);
  FindingWriter writer(fresh_folder(), pair.original, pair.compressed, some_seeds(), {});
  writer.deviation(deviation_of("17"));
  const json found = json::parse(content_of(writer.folder_of("17") + "/finding.json"));
  EXPECT_FALSE(found["models"]["original"].contains("scores")) << "not examined";
  EXPECT_EQ(found["models"]["compressed"]["scores"], "probabilities in steps of 1/256");
  EXPECT_EQ(
      json::parse(content_of(writer.folder() + "/run.json"))["models"]["compressed"]["scores"],
      "probabilities in steps of 1/256");
}

TEST(FindingJson, NamesAllLabelsThatShareTheTopScore) {
  Deviation deviation = deviation_of("17");
  deviation.original_scores = {0.2F, 0.4F, 0.4F};
  deviation.compressed_scores = {0.5F, 0.3F, 0.2F};
  const json found = written(deviation);
  EXPECT_EQ(found["original"]["labels"], json({1, 2}));
  EXPECT_EQ(found["compressed"]["labels"], json::array({0}));
}

TEST(FindingJson, HasTheTrueLabelWhereItIsKnown) {
  Deviation deviation = deviation_of("17");
  deviation.seed.label = 4;
  EXPECT_EQ(written(deviation)["seed"]["label"], 4);
}

TEST(FindingJson, TellsASeedInputThatDeviatesAsItIs) {
  Deviation deviation = deviation_of("17");
  deviation.mutant = deviation.seed.image.clone();
  deviation.as_it_is = true;
  deviation.distances = distances(deviation.seed.image, deviation.mutant);
  deviation.queries = 0;
  deviation.history.clear();
  const json found = written(deviation);
  EXPECT_EQ(found["as_it_is"], true);
  EXPECT_EQ(found["history"], json::array());
  EXPECT_EQ(found["distances"]["ssim"], 1);
}

TEST(FindingJson, HasTheOptionsThatChangeFindingsAndNoOthers) {
  const json options =
      written(deviation_of("17"), Options().strategy("random").rng_seed(99).workers(3))["options"];
  EXPECT_EQ(options["rng_seed"], "99");
  EXPECT_EQ(options["strategy"], "random");
  EXPECT_FALSE(options.contains("workers"));
  EXPECT_FALSE(options.contains("out"));
}

TEST(FindingJson, DescribesTheModelsAndTheirInput) {
  InputSpec input;
  input.size = {32, 40};
  input.resize = true;
  input.channels = 3;
  input.low = -1;
  input.mean = {0.485F, 0.456F, 0.406F};
  input.stddev = {0.25F};
  input.layout = Layout::nhwc;
  ModelInfo info = of_file("some/where/big.pt");
  info.engine = "onednn";
  const FakeModel original(bright_above(1), info, input);
  const FakeModel compressed(bright_above(2), in_memory("small"));
  FindingWriter writer(fresh_folder(), original, compressed, some_seeds(), {});
  writer.deviation(deviation_of("17"));
  const json models = json::parse(content_of(writer.folder_of("17") + "/finding.json"))["models"];
  EXPECT_EQ(models["original"]["file"], "big.pt");
  EXPECT_EQ(models["original"]["name"], "");
  EXPECT_EQ(models["original"]["sha256"], "0123");
  EXPECT_EQ(models["original"]["backend"], "Fake");
  EXPECT_EQ(models["original"]["runtime"], "Fake 1");
  EXPECT_EQ(models["original"]["device"], "cpu");
  EXPECT_EQ(models["original"]["engine"], "onednn");
  EXPECT_EQ(models["original"]["input"], json({{"size", {32, 40}},
                                               {"resize", true},
                                               {"channels", 3},
                                               {"low", -1.0},
                                               {"high", 1.0},
                                               {"mean", {0.485F, 0.456F, 0.406F}},
                                               {"stddev", json::array({0.25})},
                                               {"layout", "nhwc"},
                                               {"output", "auto"}}));
  EXPECT_EQ(models["compressed"]["file"], "");
  EXPECT_EQ(models["compressed"]["name"], "small");
  EXPECT_EQ(models["compressed"]["input"]["output"], "probabilities");
}

TEST(FindingJson, IsEqualByteForByteInEqualRuns) {
  std::set<std::string> contents;
  for (const char* run : {"first", "second"}) {
    const std::string folder = fresh_folder(run);
    const FakeModel original(bright_above(100), of_file(folder + "/o.pt"));
    const FakeModel compressed(bright_above(120), of_file(folder + "/c.pt"));
    FindingWriter writer(
        folder + "/out", original, compressed, some_seeds(),
        Options().out(folder + "/out").workers(std::string(run) == "first" ? 1 : 2));
    writer.deviation(deviation_of("17"));
    SearchResult result;
    result.wall_seconds = std::string(run) == "first" ? 1 : 2;
    writer.finish(result);
    const std::string content = content_of(writer.folder_of("17") + "/finding.json");
    EXPECT_THAT(content, Not(HasSubstr(folder)));
    contents.insert(content);
  }
  EXPECT_EQ(contents.size(), 1U);
}

TEST(FindingJson, TakesSeedIdsThatAreNoText) {
  const json found = written(deviation_of("caf\xe9.png"));
  EXPECT_THAT(found["seed"]["id"].get<std::string>(), testing::StartsWith("caf"));
}

TEST(RunJson, IsThereFromTheStartWithTheModelsPaths) {
  const FakeModel original(bright_above(100), of_file("models/../o.pt"));
  const FakeModel compressed(bright_above(120), in_memory("small"));
  FindingWriter writer(fresh_folder(), original, compressed, some_seeds(),
                       Options().workers(7).rng_seed(5));
  const json run = json::parse(content_of(writer.folder() + "/run.json"));
  EXPECT_EQ(run["dflare_run"], 1);
  EXPECT_THAT(run["dflare"].get<std::string>(), testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(run["started"].get<std::string>(), testing::MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_TRUE(run["finished"].is_null());
  EXPECT_EQ(run["models"]["original"]["path"], (fs::current_path() / "o.pt").string());
  EXPECT_EQ(run["models"]["original"]["input"]["channels"], 1);
  EXPECT_EQ(run["models"]["compressed"]["path"], "");
  EXPECT_EQ(run["models"]["compressed"]["name"], "small");
  EXPECT_EQ(run["seeds"], json({{"name", some_seeds().name()}, {"size", 2}}));
  EXPECT_EQ(run["options"]["workers"], "7");
  EXPECT_EQ(run["options"]["rng_seed"], "5");
}

TEST(RunJson, IsCompletedAtTheEnd) {
  Pair pair;
  FindingWriter writer(fresh_folder(), pair.original, pair.compressed, some_seeds(), {});
  SearchResult result;
  for (const Outcome outcome :
       {Outcome::found, Outcome::found, Outcome::error, Outcome::not_begun}) {
    SeedResult seed;
    seed.outcome = outcome;
    result.seeds.push_back(seed);
  }
  result.seeds[0].cut_short = true;
  result.seeds[0].regret = 0.5;
  result.seeds[0].true_label = result.seeds[0].seed_original_label = 3;
  result.seeds[1].true_label = 3;
  result.seeds[1].seed_original_label = result.seeds[1].seed_compressed_label = 4;
  result.seeds[1].seed_agrees = true;
  result.counts.queries = 12;
  result.counts.examination = 66;
  result.counts.first_looks = 34;
  result.counts.gradients = 8;
  result.counts.sample = 9;
  result.counts.minimising = 10;
  result.counts.confirmations = 5;
  result.counts.refuted = 6;
  result.counts.batches = 7;
  result.wall_seconds = 1.5;
  result.cpu_seconds = 2.5;
  result.inference_seconds = 0.5;
  result.workers = 2;
  writer.finish(result);
  const json run = json::parse(content_of(writer.folder() + "/run.json"));
  EXPECT_THAT(run["finished"].get<std::string>(), testing::MatchesRegex("20..-..-..T..:..:..Z"));
  EXPECT_EQ(run["outcomes"], json({{"as it is", 0},
                                   {"found", 2},
                                   {"not found", 0},
                                   {"partly searched", 0},
                                   {"not begun", 1},
                                   {"error", 1},
                                   {"skipped", 0}}));
  EXPECT_EQ(run["counts"], json({{"queries", 12},
                                 {"examination", 66},
                                 {"first_looks", 34},
                                 {"gradients", 8},
                                 {"sample", 9},
                                 {"minimising", 10},
                                 {"confirmations", 5},
                                 {"refuted", 6},
                                 {"batches", 7}}));
  EXPECT_EQ(run["cut_short"], 1);
  EXPECT_EQ(run["regret"]["mean_worst"], 0.25);
  EXPECT_EQ(run["regret"]["largest"], 0.5);
  EXPECT_EQ(run["regret"]["mean_worst_interval"].size(), 2U);
  EXPECT_EQ(run["seeds_as_they_are"], json({{"evaluated", 2},
                                            {"agreed", 1},
                                            {"labelled", 2},
                                            {"original_right", 1},
                                            {"compressed_right", 0}}));
  EXPECT_EQ(run["seconds"], json({{"wall", 1.5}, {"cpu", 2.5}, {"inference", 0.5}}));
  EXPECT_EQ(run["workers"], 2);
  EXPECT_EQ(run["seeds"]["size"], 2);
}

TEST(FindingWriter, SavesTheImageThatMadeAModelFail) {
  Pair pair;
  FindingWriter writer(fresh_folder(), pair.original, pair.compressed, some_seeds(), {});
  const Image image = picture(8, 8, 3);
  writer.failure({0, "a/b", image, "model 'x': NaN"});
  writer.failure({1, "unread", Image(), "cannot be decoded"});
  const std::string failures = writer.folder() + "/failures";
  EXPECT_EQ(names_in(failures), (std::set<std::string>{"a%2Fb", "unread"}));
  EXPECT_TRUE(same_pixels(read_image(failures + "/a%2Fb/image.png"), image));
  EXPECT_THAT(content_of(failures + "/a%2Fb/message.txt"),
              testing::AllOf(HasSubstr("'a/b'"), HasSubstr("model 'x': NaN")));
  EXPECT_EQ(names_in(failures + "/unread"), (std::set<std::string>{"message.txt"}));
}

}  // namespace
}  // namespace dflare::test
