#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "faults/faulty.hpp"
#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;

/// dflare-test with findings, corpus, results and report, and dflare-report, under faults.
class SearchFaults : public RunnerTest {
 protected:
  SearchFaults() {
    write("m.yaml", R"(dflare: 1
pairs:
  - {name: Other, original: a.pt, compressed: other.pt, seeds: {folder: seeds, take: 4},
     options: {queries: 30, block: 2, corpus: corpus}}
)");
    const Ended ended = run_with({});
    EXPECT_EQ(ended.status, 1) << ended.output;
    findings_ = whole_findings_below(path("corpus"));
    EXPECT_GT(findings_.size(), 1U);
    begin_anew();
  }

  static std::string command() {
    return DFLARE_TEST_PROGRAM
        " m.yaml --dflare_corpus=search --dflare_json=results.json --dflare_report=report.html";
  }
  Ended run_with(const Fault& fault) const {
    return run_in(folder_, environment_of(fault, folder_) + command());
  }
  void begin_anew() const {
    for (const char* name : {"corpus", "dflare-findings", "results.json", "report.html"})
      fs::remove_all(path(name));
  }
  std::multiset<std::string> corpus() const { return whole_findings_below(path("corpus")); }
  void expect_nothing_half_written() const {
    corpus();
    whole_findings_below(path("dflare-findings"));
    expect_whole(path("results.json"));
    expect_whole(path("report.html"));
  }
  void expect_all() const {
    expect_nothing_half_written();
    EXPECT_EQ(corpus(), findings_);
    EXPECT_EQ(whole_findings_below(path("dflare-findings/Other")), findings_);
    EXPECT_TRUE(exists("results.json") && exists("report.html"));
  }
  /// What was in the corpus is, and of this run's findings all but the one that was being written.
  void expect_nothing_lost(const std::multiset<std::string>& before) const {
    expect_nothing_half_written();
    const auto now = corpus();
    EXPECT_EQ(missing(before, now), 0U);
    EXPECT_LE(missing(whole_findings_below(path("dflare-findings/Other")), now), 1U);
  }
  /// The corpus as it is replayed, and all again.
  void expect_later_runs_work() const {
    const auto before = corpus();
    const Ended replayed = run("m.yaml --dflare_corpus=replay-only");
    EXPECT_EQ(replayed.status, 1) << replayed.output;
    if (!before.empty()) {
      EXPECT_THAT(replayed.output, HasSubstr("still deviate"));
    }
    const Ended ended = run_in(folder_, command());
    EXPECT_EQ(ended.status, 1) << ended.output;
    expect_all();
  }
  void try_all(int error, int few) {
    const int calls = calls_of(folder_, command());
    int tried = 0, killed = 0;
    for (const Fault& fault : faults_in(calls, error, few)) {
      SCOPED_TRACE(fmt::format("error {} at call {} of {}", fault.error, fault.at, calls));
      if (tried++ % 2 == 0) begin_anew();  // else over what the last one left
      const auto before = corpus();
      const Ended ended = run_with(fault);
      expect_nothing_lost(before);
      if (ended.status == 1) {
        expect_all();  // only a removal failed, or this run, over what was there, had less to do
      } else if (fault.kills()) {
        ++killed;
        EXPECT_EQ(ended.status, 137) << ended.output;
      } else {
        EXPECT_EQ(ended.status, 2) << ended.output;
        EXPECT_THAT(ended.output, HasSubstr(error == ENOSPC   ? "No space left"
                                            : error == EMFILE ? "Too many open files"
                                                              : "Read-only"));
      }
      expect_later_runs_work();
    }
    if (error == 0) {
      EXPECT_GT(killed, tried / 2);
    }
    std::printf("error %d: %d faults at %d calls, %d killed\n", error, tried, calls, killed);
  }

  std::multiset<std::string> findings_;
};

TEST_F(SearchFaults, AKillAtAnyWriteLosesNothing) {
  try_all(0, 6);
}

TEST_F(SearchFaults, AFullDiskIsSaidAndLeavesNothingHalfWritten) {
  try_all(ENOSPC, 4);
}

TEST_F(SearchFaults, AReadOnlyDiskIsSaid) {
  try_all(EROFS, 3);
}

TEST_F(SearchFaults, TooManyOpenFilesAreSaid) {
  try_all(EMFILE, 3);
}

TEST_F(SearchFaults, KillsAtRandomMomentsLoseNothing) {
  Random random(1);
  const int kills = is_long() ? 60 : 4;
  int killed = 0;
  for (int i = 0; i < kills; ++i) {
    SCOPED_TRACE(i);
    if (i % 2 == 0) begin_anew();
    const auto before = corpus();
    const Ended ended = run_in(
        folder_, fmt::format("timeout -s KILL {:.3f} ", random.uniform(0.05, 0.8)) + command());
    killed += ended.status == 137;
    expect_nothing_lost(before);
    expect_later_runs_work();
  }
  std::printf("%d of %d killed at random\n", killed, kills);
  EXPECT_GT(killed, 0);
}

TEST_F(SearchFaults, AReportThatIsKilledOrFindsTheDiskFullLeavesTheOldOne) {
  EXPECT_EQ(run_in(folder_, command()).status, 1);
  const std::string report = DFLARE_REPORT_PROGRAM " dflare-findings -o page.html";
  EXPECT_EQ(run_in(folder_, report).status, 0);
  const std::string before = read_file(path("page.html"));
  for (const int error : {0, ENOSPC, EROFS}) {
    const int calls = calls_of(folder_, report);
    for (const Fault& fault : faults_in(calls, error, 3)) {
      SCOPED_TRACE(fmt::format("error {} at call {} of {}", error, fault.at, calls));
      const Ended ended = run_in(folder_, environment_of(fault, folder_) + report);
      EXPECT_TRUE(ended.status == 137 || ended.status == 2 || fault.at == calls) << ended.output;
      EXPECT_EQ(read_file(path("page.html")), before);
      EXPECT_EQ(run_in(folder_, report).status, 0);
    }
  }
}

TEST_F(SearchFaults, ShardsOfWhichOneDiesLeaveTheOthersFindings) {
  const int calls = calls_of(folder_, command());
  const int times = is_long() ? 20 : 2;
  for (int i = 0; i < times; ++i) {
    SCOPED_TRACE(i);
    begin_anew();
    const auto shard = [](int index) {
      return fmt::format("GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX={} ", index);
    };
    run_in(folder_, environment_of({1 + calls * i / times / 2, 0}, folder_) + shard(0) + command() +
                        " >one & " + shard(1) + command() + " >two; wait");
    expect_nothing_half_written();
    EXPECT_GT(whole_findings_below(path("dflare-findings/Other.shard_2_of_2")).size(), 0U);
    expect_later_runs_work();
  }
}

}  // namespace
}  // namespace dflare::test
