#include <gmock/gmock.h>

#include <set>

#include "gtest_plugin/runner_fixture.hpp"
#include "program/plain_text.hpp"

namespace dflare::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RunnerTest, StatusIsZeroWhereAllHolds) {
  const Ended ended = run("m.yaml --gtest_filter='Same.*'");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[  PASSED  ] 3 tests."));
  EXPECT_THAT(ended.output,
              HasSubstr("[ dflare   ] Same: none of 10 seed inputs leads to a deviation"));
  EXPECT_THAT(ended.output, HasSubstr("[ dflare   ] Same: the models agree on 10 of 10 seed inputs "
                                      "as they are (100.0 %)\n"));
}

TEST_F(RunnerTest, ItsLinesAreColouredWhereThoseOfGoogleTestAre) {
  const std::string same = "m.yaml --gtest_filter='Same.*' --gtest_color=";
  EXPECT_THAT(run(same + "yes").output, HasSubstr("\x1b[0;36m[ dflare   ]\x1b[m Same: none of"));
  for (const char* color : {"no", "auto"})
    EXPECT_THAT(run(same + color).output, Not(HasSubstr("\x1b["))) << color;
}

TEST_F(RunnerTest, StatusIsOneWhereSomethingDeviates) {
  const Ended ended = run("m.yaml");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("m.yaml:5: Failure"));
  EXPECT_THAT(ended.output, HasSubstr("Other.seeds_0_to_3: expected no deviation\n"));
  EXPECT_THAT(ended.output, HasSubstr("[       OK ] Same.seeds_8_to_9"));
  EXPECT_THAT(ended.output, HasSubstr("Replay the "));
}

TEST_F(RunnerTest, AModelThatAlwaysFailsIsTwoAndSaidOnceAPair) {
  save_throws_above(path("throws.pt"), 1, 8, 8, 4, 0.0);
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Throws, original: a.pt, compressed: throws.pt, seeds: "
        "seeds, expect: {deviation_rate_le: 1}}\n");
  const Ended ended = run("m.yaml");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output,
              HasSubstr("The pair could not be tested: the compressed model, model "));
  EXPECT_THAT(ended.output, HasSubstr("too bright for me"));
  EXPECT_THAT(ended.output, Not(HasSubstr("ended in an error")));
}

TEST_F(RunnerTest, AModelThatCannotBeLoadedIsTwoAndThePairIsNamed) {
  write("other.pt", "no model");
  const Ended ended = run("m.yaml --dflare_json=r.json");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("dflare-test: Other could not be tested: "));
  EXPECT_THAT(ended.output, HasSubstr("[       OK ] Same.seeds_0_to_3"));
  EXPECT_THAT(json("r.json").at("pairs").at(1).at("error").get<std::string>(),
              HasSubstr("other.pt"));
}

TEST_F(RunnerTest, ListingNamesTheBlocksAndLoadsNoModel) {
  write("a.pt", "no model");
  const Ended ended = run("m.yaml --gtest_list_tests --dflare_out=" + path("a.pt/out"));
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_EQ(ended.output,
            "Same.\n  seeds_0_to_3\n  seeds_4_to_7\n  seeds_8_to_9\nOther.\n  seeds_0_to_3\n  "
            "seeds_4_to_7\n  seeds_8_to_9\n");
  EXPECT_FALSE(exists("dflare-findings"));
}

TEST_F(RunnerTest, ARateIsOneTestOverAllSeeds) {
  const std::string pair =
      "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: other.pt, seeds: seeds, "
      "options: {block: 4}, expect: {deviation_rate_le: ";
  write("m.yaml", pair + "1}}\n");
  EXPECT_EQ(run("m.yaml --gtest_list_tests").output, "Other.\n  deviation_rate\n");
  EXPECT_EQ(run("m.yaml").status, 0);
  write("m.yaml", pair + "0}}\n");
  const Ended ended = run("m.yaml");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output,
              HasSubstr("Other.deviation_rate: expected a deviation rate of at most 0\n"));
  EXPECT_THAT(ended.output, HasSubstr("is above 0, the highest allowed."));
}

TEST_F(RunnerTest, ABoundOnTheRegretIsATestABlock) {
  const std::string pair =
      "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: other.pt, seeds: seeds, "
      "options: {block: 4, queries: 5}, expect: {worst_deviation_le: ";
  write("m.yaml", pair + "1}}\n");
  EXPECT_EQ(run("m.yaml --gtest_list_tests").output,
            "Other.\n  seeds_0_to_3\n  seeds_4_to_7\n  seeds_8_to_9\n");
  const Ended passed = run("m.yaml");
  EXPECT_EQ(passed.status, 0) << passed.output;
  // The mean worst regret of all blocks, beside the interval.
  EXPECT_THAT(passed.output, ::testing::ContainsRegex(
                                 "\\[ dflare   \\] Other: .*; largest regret found 0\\.[0-9]+, "
                                 "mean worst regret 0\\.[0-9]+ \\(95 % interval 0(\\.[0-9]+)? to "
                                 "[01](\\.[0-9]+)?\\); "));
  write("m.yaml", pair + "0.0001}}\n");
  const Ended failed = run("m.yaml");
  EXPECT_EQ(failed.status, 1) << failed.output;
  EXPECT_THAT(failed.output,
              HasSubstr("Other.seeds_0_to_3: expected no deviation of a regret above 0.0001\n"));
  EXPECT_THAT(failed.output, HasSubstr("of a regret above 0.0001, the largest allowed: the worst"));
  EXPECT_THAT(failed.output, HasSubstr("  asked for   objective worst; 5 queries a seed input\n"));
}

TEST_F(RunnerTest, ABoundOnTheDistanceIsATestABlock) {
  const std::string pair =
      "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: other.pt, seeds: seeds, "
      "options: {block: 4, queries: 5}, expect: {closest_deviation_ge: ";
  write("m.yaml", pair + "0}}\n");
  EXPECT_EQ(run("m.yaml").status, 0);
  write("m.yaml", pair + "100000}}\n");
  const Ended failed = run("m.yaml");
  EXPECT_EQ(failed.status, 1) << failed.output;
  EXPECT_THAT(failed.output, HasSubstr("Other.seeds_0_to_3: expected no deviation nearer to its "
                                       "seed input than L2 1e+05\n"));
  EXPECT_THAT(failed.output, HasSubstr("; closest at L2 "));
}

TEST_F(RunnerTest, AnObjectiveOfTheCommandLineThatDoesNotFitIsTwo) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: other.pt, seeds: seeds, "
        "expect: {worst_deviation_le: 0.5}}\n");
  const Ended ended = run("m.yaml --dflare_objective=closest");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("option objective: closest does not go with"));
}

TEST_F(RunnerTest, APresetIsSearchedWith) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Other, original: a.pt, compressed: other.pt, seeds: seeds, "
        "preset: everyday, options: {queries: 9}, expect: {deviation_rate_le: 0}}\n");
  const Ended ended = run("m.yaml --dflare_json=r.json");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("  asked for   regret >= 0.2; rotate 10 degrees, "));
  EXPECT_THAT(ended.output, HasSubstr("; 9 queries a seed input\n"));
  const auto row = json("r.json").at("pairs").at(0);
  EXPECT_EQ(row.at("options").at("rotate"), "10");
  EXPECT_EQ(row.at("options").at("queries"), "9");
}

TEST_F(RunnerTest, AFilterSearchesItsBlocksOnly) {
  const Ended ended = run("m.yaml --gtest_filter=Other.seeds_4_to_7 --dflare_json=r.json");
  EXPECT_EQ(ended.status, 1) << ended.output;
  const auto rows = json("r.json").at("pairs");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("seeds"), 4);
}

TEST_F(RunnerTest, AFilterThatSelectsNothingIsTwo) {
  const Ended ended = run("m.yaml --gtest_filter=Typo.*");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("no test ran: --gtest_filter=Typo.* selects none of 6"));
}

TEST_F(RunnerTest, RepeatingSearchesAgain) {
  const Ended ended = run("m.yaml --gtest_repeat=2 --gtest_filter='Other.*' --dflare_json=r.json");
  EXPECT_EQ(ended.status, 1) << ended.output;
  const auto rows = json("r.json").at("pairs");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("iteration"), 0);
  EXPECT_EQ(rows[1].at("iteration"), 1);
  EXPECT_EQ(rows[0].at("outcomes"), rows[1].at("outcomes"));
  EXPECT_EQ(rows[0].at("queries"), rows[1].at("queries"));
  EXPECT_GT(rows[0].at("queries"), 0);
}

TEST_F(RunnerTest, FailFastEndsTheSearch) {
  const Ended ended =
      run("m.yaml --gtest_fail_fast --gtest_filter='Other.*' --dflare_queries=100000000 "
          "--dflare_strategy=dflare --dflare_workers=1");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[  SKIPPED ] "));
}

TEST_F(RunnerTest, TestsMayRunInAnyOrder) {
  const Ended ended = run("m.yaml --gtest_shuffle --gtest_random_seed=3 --dflare_json=r.json");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_EQ(json("r.json").at("pairs").size(), 2U);
  EXPECT_THAT(ended.output, HasSubstr("6 tests from 2 test suites ran."));
}

TEST_F(RunnerTest, ADisabledPairIsNotTested) {
  write("m.yaml",
        "dflare: 1\ndefaults: {seeds: seeds}\npairs:\n  - {name: Same, original: a.pt, compressed: "
        "same.pt}\n  - {name: DISABLED_Other, original: a.pt, compressed: other.pt}\n");
  EXPECT_EQ(run("m.yaml").status, 0);
  EXPECT_EQ(run("m.yaml --gtest_also_run_disabled_tests --dflare_queries=30").status, 1);
}

TEST_F(RunnerTest, TwoShardsTogetherAreTheWhole) {
  ASSERT_EQ(run("m.yaml --dflare_json=r.json").status, 1);
  for (const char* index : {"0", "1"}) {
    const Ended ended = run("m.yaml --dflare_json=r.json --dflare_out=parts",
                            std::string("GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=") + index);
    EXPECT_EQ(ended.status, 1) << ended.output;
  }
  // A finding's folder holds no time, path or worker.
  const auto findings = [this](const std::string& folder) {
    std::set<std::string> texts;
    for (const auto& entry : boost::filesystem::directory_iterator(path(folder))) {
      const auto file = entry.path() / "finding.json";
      if (boost::filesystem::exists(file))
        texts.insert(read_file(file.string()) + read_file((entry.path() / "mutant.png").string()));
    }
    return texts;
  };
  const auto whole = findings("dflare-findings/Other");
  auto parts = findings("parts/Other.shard_1_of_2");
  const auto second = findings("parts/Other.shard_2_of_2");
  EXPECT_FALSE(parts.empty());
  EXPECT_FALSE(second.empty());
  EXPECT_EQ(parts.size() + second.size(), whole.size());
  parts.insert(second.begin(), second.end());
  EXPECT_EQ(parts, whole);

  std::uint64_t queries = 0, seeds = 0;
  for (const char* name : {"r.shard_1_of_2.json", "r.shard_2_of_2.json"}) {
    const auto rows = json(name).at("pairs");
    for (const auto& row : rows) {
      queries += row.at("queries").get<std::uint64_t>();
      seeds += row.at("seeds").get<std::uint64_t>();
    }
  }
  std::uint64_t queries_of_whole = 0;
  const auto rows = json("r.json").at("pairs");
  for (const auto& row : rows) queries_of_whole += row.at("queries").get<std::uint64_t>();
  EXPECT_EQ(seeds, 20U);
  EXPECT_EQ(queries, queries_of_whole);
}

TEST_F(RunnerTest, AnInterruptKeepsWhatWasFoundAndIsOne) {
  // Without the interrupt this would take hours. The second pair is not begun any more.
  write("m.yaml", R"(dflare: 1
defaults: {seeds: seeds, options: {strategy: dflare, queries: 2000000000, block: 4}}
pairs:
  - {name: Long, original: a.pt, compressed: same.pt}
  - {name: Next, original: a.pt, compressed: same.pt}
)");
  const Ended ended = run_in(folder_, DFLARE_TEST_PROGRAM R"( m.yaml --dflare_json=r.json &
while [ ! -e dflare-findings/Long/run.json ]; do sleep 0.05; done
sleep 0.3
kill -TERM $!
wait $!)");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output,
              HasSubstr("[ dflare   ] interrupted: stopping, keeping what was found"));
  EXPECT_THAT(ended.output, HasSubstr("Interrupted, with "));
  EXPECT_THAT(ended.output,
              HasSubstr("Next.seeds_0_to_3: expected no deviation\nInterrupted before it began."));
  const auto rows = json("r.json").at("pairs");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("interrupted"), true);
  EXPECT_EQ(rows[0].at("complete"), false);
}

TEST_F(RunnerTest, ATableOfAllPairsEndsARunOfTwo) {
  const Ended ended = run("m.yaml");
  EXPECT_THAT(ended.output,
              ::testing::ContainsRegex(
                  "\n  pair +seeds +agree +accuracy +deviate +queries\n"
                  "  Same +passed +10 +100.0 % +- +0.0 % \\(0.0 to 30.8\\) +[0-9]+\n"
                  "  Other +FAILED +10 +[0-9.]+ % +- +[0-9.]+ % \\([0-9.]+ to [0-9.]+\\) +[0-9]+"
                  "\n$"));
  EXPECT_THAT(run("m.yaml --gtest_filter='Same.*'").output, Not(HasSubstr("  pair ")));
  write("other.pt", "no model");
  EXPECT_THAT(run("m.yaml").output, ::testing::ContainsRegex("\n  Other +ERROR +model '"));
}

TEST_F(RunnerTest, TheTableOfAnInterruptedRunHasNoFalseFigures) {
  write("m.yaml", R"(dflare: 1
defaults: {seeds: seeds, options: {strategy: dflare, queries: 2000000000, block: 4}}
pairs:
  - {name: Long, original: a.pt, compressed: same.pt}
  - {name: Next, original: a.pt, compressed: same.pt}
)");
  const Ended ended = run_in(folder_, DFLARE_TEST_PROGRAM R"( m.yaml &
while [ ! -e dflare-findings/Long/run.json ]; do sleep 0.05; done
sleep 0.3
kill -TERM $!
wait $!)");
  EXPECT_THAT(ended.output, ::testing::ContainsRegex("\n  Long +interrupted +[0-9]+(/10)? "));
  EXPECT_THAT(ended.output, ::testing::ContainsRegex("\n  Next +not begun\n"));
}

TEST_F(RunnerTest, WhatIsQuotedFromOutsideIsUtf8InXmlAndOnTheTerminal) {
  // The manifest itself must be UTF-8; a folder's own files need not be.
  write("bad\xff\x1b[31m.png", "no picture");
  boost::filesystem::rename(path("bad\xff\x1b[31m.png"), path("seeds/bad\xff\x1b[31m.png"));
  const Ended ended = run("m.yaml --gtest_output=xml:r.xml --dflare_json=r.json");
  EXPECT_EQ(ended.status, 1);
  for (const std::string& text :
       {ended.output, read_file(path("r.xml")), read_file(path("r.json"))}) {
    EXPECT_EQ(lines_utf8(text), text);
    EXPECT_THAT(text, Not(HasSubstr("\xff")));
  }
  EXPECT_THAT(ended.output, HasSubstr("bad\xef\xbf\xbd\\x1b[31m.png"));
}

TEST_F(RunnerTest, WhatABudgetLeavesIsSaidByAPassingTest) {
  const Ended ended = run("m.yaml --gtest_filter='Same.*' --dflare_queries_in_all=20");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[ dflare   ] passed, but of 4 seed inputs: "));
  EXPECT_EQ(run("m.yaml --gtest_filter='Same.*' --dflare_queries_in_all=20 "
                "--dflare_require_complete=true")
                .status,
            1);
}

}  // namespace
}  // namespace dflare::test
