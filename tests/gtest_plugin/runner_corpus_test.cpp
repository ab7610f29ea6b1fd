#include <gmock/gmock.h>

#include <boost/filesystem.hpp>
#include <set>

#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class RunnerCorpus : public RunnerTest {
 protected:
  RunnerCorpus() { write_manifest("other.pt"); }

  void write_manifest(const std::string& compressed) {
    write("m.yaml", "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: " +
                        compressed + ", seeds: seeds, options: {block: 4, corpus: corpus}}\n");
  }
  /// Seed ids of the findings, which must differ.
  std::set<std::string> seeds_in(const std::string& folder) const {
    std::set<std::string> ids;
    for (const auto& entry : fs::directory_iterator(path(folder))) {
      if (!fs::is_directory(entry)) continue;
      const std::string id =
          nlohmann::json::parse(read_file((entry.path() / "finding.json").string()))
              .at("/seed/id"_json_pointer);
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    return ids;
  }
  nlohmann::json row(const std::string& file) const { return json(file).at("pairs").at(0); }
};

TEST_F(RunnerCorpus, TheSecondRunSearchesNothingAndSaysTheSame) {
  const Ended first = run("m.yaml --dflare_json=1.json");
  EXPECT_EQ(first.status, 1) << first.output;
  EXPECT_THAT(first.output, HasSubstr(" added to the corpus"));
  const nlohmann::json one = row("1.json");
  EXPECT_GT(one.at("queries").get<int>(), 0);
  EXPECT_EQ(one.at("corpus").at("added").get<std::size_t>(), seeds_in("corpus/Other").size());

  const Ended second = run("m.yaml --dflare_json=2.json");
  EXPECT_EQ(second.status, 1) << second.output;
  EXPECT_THAT(second.output, HasSubstr("So nothing was searched"));
  const nlohmann::json two = row("2.json");
  EXPECT_EQ(two.at("queries"), 0);
  EXPECT_EQ(two.at("corpus").at("deviate"), one.at("corpus").at("added"));
  const auto& deviating = two.at("corpus").at("deviating");
  ASSERT_EQ(deviating.size(), two.at("corpus").at("deviate").get<std::size_t>());
  EXPECT_TRUE(fs::exists(deviating.at(0).get<std::string>() + "/mutant.png"));
  // What the first run wrote is still there, for its replay lines.
  EXPECT_EQ(seeds_in("dflare-findings/Other"), seeds_in("corpus/Other"));
  // The same tests fail.
  for (const char* test : {"seeds_0_to_3", "seeds_4_to_7", "seeds_8_to_9"}) {
    const std::string failed = std::string("[  FAILED  ] Other.") + test;
    EXPECT_EQ(first.output.find(failed) == std::string::npos,
              second.output.find(failed) == std::string::npos)
        << test;
  }
}

TEST_F(RunnerCorpus, AfterARepairAllIsFixedAndSearchedAgain) {
  ASSERT_EQ(run("m.yaml").status, 1);
  write_manifest("a.pt");
  const Ended ended = run("m.yaml --dflare_json=r.json");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("are fixed"));
  const nlohmann::json repaired = row("r.json");
  EXPECT_TRUE(repaired.at("searched").get<bool>());
  EXPECT_EQ(repaired.at("corpus").at("deviate"), 0);
  EXPECT_EQ(repaired.at("corpus").at("fixed"), repaired.at("corpus").at("replayed"));
}

TEST_F(RunnerCorpus, TheFlagSetsTheModeOrTheFolder) {
  const Ended none = run("m.yaml --dflare_corpus=replay-only");
  EXPECT_EQ(none.status, 1) << none.output;
  EXPECT_THAT(none.output, HasSubstr("The corpus '" + path("corpus/Other") +
                                     "' holds no finding, so nothing was tested"));
  ASSERT_EQ(run("m.yaml").status, 1);
  const Ended replayed = run("m.yaml --dflare_corpus=replay-only");
  EXPECT_EQ(replayed.status, 1);
  EXPECT_THAT(replayed.output, HasSubstr("; nothing was searched"));
  const Ended searched = run("m.yaml --dflare_corpus=search");
  EXPECT_THAT(searched.output, Not(HasSubstr("replayed")));
  const Ended elsewhere = run("m.yaml --dflare_corpus=elsewhere --dflare_update_corpus=false");
  EXPECT_THAT(elsewhere.output, HasSubstr("no finding to replay"));
  EXPECT_FALSE(exists("elsewhere"));
}

TEST_F(RunnerCorpus, TwoShardsAtOnceFillItTogether) {
  ASSERT_EQ(run("m.yaml --dflare_corpus=whole").status, 1);
  const Ended both = run_in(path(""), R"(
GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0 )" DFLARE_TEST_PROGRAM R"( m.yaml >one &
GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 )" DFLARE_TEST_PROGRAM R"( m.yaml >two &
wait)");
  EXPECT_EQ(both.status, 0) << both.output;
  EXPECT_EQ(seeds_in("corpus/Other"), seeds_in("whole/Other"));
  // Each shard replays its own.
  const Ended one = run_in(path(""), "GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 " DFLARE_TEST_PROGRAM
                                     " m.yaml --dflare_json=r.json");
  EXPECT_EQ(one.status, 1) << one.output;
  EXPECT_LT(row("r.shard_2_of_2.json").at("corpus").at("replayed").get<std::size_t>(),
            seeds_in("corpus/Other").size());
}

TEST_F(RunnerCorpus, AShardWithoutFindingsOfItsOwnLeavesThemToTheOthers) {
  ASSERT_EQ(run("m.yaml").status, 1);
  // One finding is left, which is of one shard.
  const auto first = fs::directory_iterator(path("corpus/Other"))->path();
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(path("corpus/Other"))) {
    if (entry.path() != first) others.push_back(entry.path());
  }
  for (const fs::path& other : others) fs::remove_all(other);
  const auto failed_shards = [&] {
    int failed = 0;
    for (const char* shard : {"0", "1"}) {
      failed += run_in(path(""), std::string("GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=") + shard +
                                     " " DFLARE_TEST_PROGRAM " m.yaml --dflare_corpus=replay-only")
                    .status;
    }
    return failed;
  };
  EXPECT_EQ(failed_shards(), 1);
  fs::remove_all(first);
  EXPECT_EQ(failed_shards(), 2) << "nothing was tested";
}

TEST_F(RunnerCorpus, TheLineOfAFailureReplaysFromAnotherFolder) {
  ASSERT_EQ(run("m.yaml").status, 1);
  const std::string output = run("m.yaml").output;
  const std::string mark = "Replay the first:  dflare-test ";
  const std::size_t begin = output.find(mark);
  ASSERT_NE(begin, std::string::npos) << output;
  const std::size_t after = begin + mark.size();
  const std::string arguments = output.substr(after, output.find('\n', after) - after);
  const Ended replayed = run_in("/", DFLARE_TEST_PROGRAM " " + arguments);
  EXPECT_EQ(replayed.status, 1) << replayed.output;
  EXPECT_THAT(replayed.output, HasSubstr("It deviates: "));
}

TEST_F(RunnerCorpus, ADamagedFindingIsAnError) {
  ASSERT_EQ(run("m.yaml").status, 1);
  for (const auto& entry : fs::directory_iterator(path("corpus/Other")))
    std::ofstream((entry.path() / "finding.json").string()) << "{";
  const Ended ended = run("m.yaml");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("finding.json"));
}

}  // namespace
}  // namespace dflare::test
