// --dflare_report: what the HTML report of a run of dflare-test holds.

#include <gmock/gmock.h>

#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RunnerReportTest : public RunnerTest {
 protected:
  nlohmann::json report(const std::string& name) const {
    const std::string html = read_file(path(name));
    const std::string begin = "id=\"data\">";
    const std::size_t from = html.find(begin) + begin.size();
    return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
  }
};

TEST_F(RunnerReportTest, HoldsAllPairsWithTheirVerdicts) {
  ASSERT_EQ(run("m.yaml --dflare_report=new/r.html").status, 1);
  const auto data = report("new/r.html");
  ASSERT_EQ(data.at("pairs").size(), 2U);
  const auto& same = data.at("pairs")[0];
  EXPECT_EQ(same.at("name"), "Same");
  EXPECT_EQ(same.at("verdict").at("passed"), true);
  EXPECT_EQ(same.at("rate"), 0);
  const auto& other = data.at("pairs")[1];
  EXPECT_EQ(other.at("verdict").at("passed"), false);
  EXPECT_EQ(other.at("verdict").at("expectation"), "no deviation");
  EXPECT_THAT(other.at("verdict").at("messages")[0].get<std::string>(),
              AllOf(StartsWith("Other.seeds_0_to_3: expected"), HasSubstr("lead to a deviation")));
  EXPECT_EQ(other.at("judged"), 10);
  ASSERT_FALSE(data.at("findings").empty());
  EXPECT_EQ(data.at("findings")[0].at("pair"), 1);
  EXPECT_THAT(data.at("findings")[0].at("url").get<std::string>(),
              HasSubstr("../dflare-findings/Other/"));
}

TEST_F(RunnerReportTest, SaysWhatTheCorpusSaid) {
  ASSERT_EQ(run("m.yaml --dflare_corpus=corpus --dflare_report=1.html").status, 1);
  EXPECT_EQ(report("1.html").at("pairs")[1].at("corpus"), "no finding to replay");
  ASSERT_EQ(run("m.yaml --dflare_corpus=corpus --dflare_report=2.html").status, 1);
  const auto second = report("2.html");
  EXPECT_THAT(second.at("pairs")[1].at("corpus").get<std::string>(),
              AllOf(HasSubstr("replayed: "), HasSubstr("still deviate")));
  EXPECT_THAT(second.at("pairs")[1].at("verdict").at("messages")[0].get<std::string>(),
              HasSubstr("of the corpus still deviate"));
  ASSERT_EQ(run("m.yaml --dflare_corpus=corpus --dflare_corpus_mode=replay-only "
                "--dflare_report=3.html")
                .status,
            1);
  EXPECT_THAT(report("3.html").at("pairs")[1].at("corpus").get<std::string>(),
              HasSubstr("; nothing was searched"));
}

TEST_F(RunnerReportTest, NeedsNoWrittenFindings) {
  ASSERT_EQ(run("m.yaml --dflare_report=r.html --dflare_write_findings=false").status, 1);
  const auto data = report("r.html");
  EXPECT_TRUE(data.at("findings").empty());
  EXPECT_EQ(data.at("pairs")[1].at("original").at("name"), "a.pt");
  EXPECT_GT(data.at("pairs")[1].at("outcomes").at("found"), 0);
}

TEST_F(RunnerReportTest, SaysWhatCouldNotBeTestedAndShowsNothingOlder) {
  ASSERT_EQ(run("m.yaml").status, 1);
  write("other.pt", "no model any more");
  ASSERT_EQ(run("m.yaml --dflare_report=r.html").status, 2);
  const auto data = report("r.html");
  EXPECT_THAT(data.at("pairs")[1].at("error").get<std::string>(), HasSubstr("other.pt"));
  EXPECT_TRUE(data.at("findings").empty());
}

TEST_F(RunnerReportTest, OfShardsAreFilesOfTheirOwn) {
  for (const char* index : {"0", "1"}) {
    run("m.yaml --dflare_report=r.html --gtest_filter='Other.*'",
        std::string("GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=") + index);
  }
  EXPECT_TRUE(exists("r.shard_1_of_2.html"));
  EXPECT_TRUE(exists("r.shard_2_of_2.html"));
}

TEST_F(RunnerReportTest, IsOfTheLastRepetition) {
  run("m.yaml --dflare_report=r.html --gtest_repeat=2 --gtest_filter='Other.*'");
  EXPECT_EQ(report("r.html").at("pairs").size(), 1U);
}

TEST_F(RunnerReportTest, IsRefusedBeforeTheRunWhereItCannotBeWritten) {
  const Ended ended = run("m.yaml --dflare_report=seeds");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("--dflare_report="), HasSubstr("is a folder")));
  EXPECT_FALSE(exists("dflare-findings/Other"));
}

}  // namespace
}  // namespace dflare::test
