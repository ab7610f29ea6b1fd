// dflare-test --dflare_examine.

#include <gmock/gmock.h>

#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(RunnerTest, ExaminingPrintsWhatWasSeenOfEachPairAndSearchesNothing) {
  const Ended ended = run("m.yaml --dflare_examine --dflare_json=r.json");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("Same: " + path("a.pt") + " -> " + path("same.pt") + "\n  "));
  EXPECT_THAT(ended.output,
              HasSubstr("Other: " + path("a.pt") + " -> " + path("other.pt") + "\n  "));
  EXPECT_THAT(ended.output, AllOf(Not(HasSubstr("error:")), Not(HasSubstr("[ RUN "))));
  EXPECT_FALSE(exists("dflare-findings"));
  EXPECT_FALSE(exists("r.json"));
}

TEST_F(RunnerTest, APairThatCannotBeExaminedIsTwoAndTheOthersGoOn) {
  write("same.pt", "no model");
  const Ended ended = run("m.yaml --dflare_examine");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output,
              HasSubstr("Same: " + path("a.pt") + " -> " + path("same.pt") + "\n  error: "));
  EXPECT_THAT(ended.output,
              HasSubstr("Other: " + path("a.pt") + " -> " + path("other.pt") + "\n  "));
}

TEST_F(RunnerTest, AFilterSelectsThePairsToExamine) {
  const auto examined = [this](const std::string& filter) {
    const Ended ended = run("m.yaml --dflare_examine --gtest_filter='" + filter + "'");
    EXPECT_EQ(ended.status, 0) << filter << "\n" << ended.output;
    std::string names;
    for (const char* name : {"Same", "Other"}) {
      if (ended.output.find(std::string(name) + ": ") != std::string::npos) names += name;
    }
    return names;
  };
  EXPECT_EQ(examined("*"), "SameOther");
  EXPECT_EQ(examined("Same.*"), "Same");
  EXPECT_EQ(examined("S?me.seeds_0_to_3:Nothing"), "Same");
  EXPECT_EQ(examined("*-Same.*"), "Other");
  EXPECT_EQ(examined("-Other*:Nothing"), "Same");
  EXPECT_EQ(examined("-Same.seeds_0_to_3"), "SameOther") << "its other tests would run";
  const Ended ended = run("m.yaml --dflare_examine --gtest_filter=Typo.*");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("no pair was examined: --gtest_filter=Typo.* selects none "
                                      "of 2, or they are disabled"));
}

TEST_F(RunnerTest, ADisabledPairIsNotExamined) {
  write("m.yaml",
        "dflare: 1\ndefaults: {seeds: seeds}\npairs:\n  - {name: Same, original: a.pt, compressed: "
        "same.pt}\n  - {name: DISABLED_Other, original: a.pt, compressed: other.pt}\n");
  EXPECT_THAT(run("m.yaml --dflare_examine").output, Not(HasSubstr("DISABLED_Other")));
  EXPECT_THAT(run("m.yaml --dflare_examine --gtest_also_run_disabled_tests").output,
              HasSubstr("DISABLED_Other: "));
}

TEST_F(RunnerTest, AVariableOfNobodyIsWarnedOfButNotThoseOfTheManifest) {
  write("m.yaml",
        "dflare: 1\npairs:\n  - {name: Same, original: \"${DFLARE_MODELS}/a.pt\", compressed: "
        "same.pt, seeds: seeds}\n");
  const Ended ended =
      run("m.yaml --gtest_list_tests", "DFLARE_MODELS=" + folder_ + " DFLARE_QUERYS=5");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output,
              AllOf(HasSubstr("dflare-test: warning: dflare reads no environment variable "
                              "DFLARE_QUERYS; did you mean DFLARE_QUERIES?\n"),
                    Not(HasSubstr("DFLARE_MODELS"))));
}

}  // namespace
}  // namespace dflare::test
