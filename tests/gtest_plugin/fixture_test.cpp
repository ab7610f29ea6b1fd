#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "dflare/error.hpp"
#include "dflare/pair_test.hpp"
#include "gtest_plugin/child.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"
#include "support/torch_models.hpp"

namespace {

using dflare::ModelPair;
using dflare::test::Ended;
using dflare::test::FakeModel;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// How often a text is in another.
int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Ended run(const std::string& suite, const std::string& flags = "") {
  return dflare::test::run_in(dflare::test::fresh_folder(),
                              DFLARE_FIXTURE_PROGRAM " --gtest_filter=" + suite + " " + flags);
}

void expect_all_fail(const std::string& suite, const std::string& why) {
  const Ended ended = run(suite + ".*");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("[  FAILED  ] " + suite + ".One"), HasSubstr(why),
                                  Not(HasSubstr("the body ran")), Not(HasSubstr("[       OK ]"))));
}

TEST(PairTest, LoadsOnceForAllTestsAndAgainForARepetition) {
  const Ended once = run("Good.*");
  EXPECT_EQ(once.status, 0) << once.output;
  EXPECT_EQ(count(once.output, "made the pair of Good"), 1) << once.output;
  const Ended twice = run("Good.*", "--gtest_repeat=2");
  EXPECT_EQ(twice.status, 0) << twice.output;
  EXPECT_EQ(count(twice.output, "made the pair of Good"), 2) << twice.output;
}

TEST(PairTest, ATestMaySkipItself) {
  const Ended ended = run("Good.*");
  EXPECT_THAT(ended.output, AllOf(HasSubstr("[  SKIPPED ] Good.SkipsItself"),
                                  HasSubstr("[       OK ] Good.Agrees"), HasSubstr("not today")));
}

TEST(PairTest, WhatCannotBeLoadedFailsEveryTest) {
  expect_all_fail("Missing",
                  "No test of this suite can run: the pair 'missing' could not be loaded: "
                  "compressed: ");
  const Ended ended = run("Missing.*");
  EXPECT_THAT(ended.output, AllOf(HasSubstr("[  FAILED  ] Missing.Two"), HasSubstr("nowhere.pt")));
  expect_all_fail("MissingSeeds", "the pair 'missing_seeds' could not be loaded: seeds: ");
  expect_all_fail("NoSeeds",
                  "the pair 'no_seeds' could not be loaded: seeds: the seed set is empty: give at "
                  "least one seed input");
  expect_all_fail("Throws", "pair() is out of order");
  expect_all_fail("ThrowsANumber", "something was thrown that is no std::exception");
}

TEST(PairTest, ASuiteMayHaveAReasonToSkip) {
  const Ended ended = run("Skipped.*");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output,
              AllOf(HasSubstr("[  SKIPPED ] Skipped.One"), HasSubstr("no models on this machine"),
                    Not(HasSubstr("the body ran"))));
}

TEST(PairTest, WhatASuiteForgetsToCallIsNamed) {
  expect_all_fail("Hidden", "a SetUpTestSuite() of the suite's own has to call that of PairTest");
  expect_all_fail("SkippedUnasked",
                  "no pair was loaded, because the suite is skipped: no models on this machine");
  expect_all_fail("Unasked", "the pair 'unasked' could not be loaded: original: ");
}

TEST(PairTestWithParam, LoadsEachModelOnceAndFailsTheTestsOfABrokenPair) {
  const std::string folder = dflare::test::fresh_folder();
  dflare::test::save_linear(folder + "/a.pt", 1, 8, 8, 4);
  dflare::test::save_linear(folder + "/b.pt", 1, 8, 8, 4);
  boost::filesystem::create_directory(folder + "/seeds");
  dflare::write_png(folder + "/seeds/0.png", dflare::test::picture(8, 8, 1));
  const Ended ended =
      dflare::test::run_in(folder, DFLARE_FIXTURE_PROGRAM " --gtest_filter=*Each.*");
  EXPECT_EQ(ended.status, 1) << ended.output;
  for (const char* test : {"Agrees", "IsLoaded", "IsStillLoaded"}) {
    const std::string name = std::string("Some/Each.") + test;
    EXPECT_THAT(ended.output, AllOf(HasSubstr("[       OK ] " + name + "/first"),
                                    HasSubstr("[       OK ] " + name + "/second"),
                                    HasSubstr("[  FAILED  ] " + name + "/broken")));
  }
  EXPECT_THAT(ended.output, AllOf(HasSubstr("No test of this pair can run: the pair 'broken' could "
                                            "not be loaded: compressed: "),
                                  HasSubstr("where GetParam() = broken")));
}

TEST(ModelPair, IsLoadedOnceForAllCopiesUntilItIsUnloaded) {
  const std::string folder = dflare::test::fresh_folder();
  dflare::test::save_linear(folder + "/a.pt", 1, 8, 8, 4);
  dflare::write_png(folder + "/seed.png", dflare::test::picture(8, 8, 1));
  dflare::InputSpec input;
  input.size = {8, 8};
  input.channels = 1;
  const ModelPair pair("two", folder + "/a.pt", folder + "/a.pt", folder, input);
  const ModelPair copy(pair);
  EXPECT_EQ(&pair.original(), &copy.original());
  EXPECT_NE(&pair.original(), &pair.compressed());
  EXPECT_EQ(pair.original().input(), input);
  EXPECT_EQ(copy.seeds().size(), 1U);
  pair.unload();
  EXPECT_NO_DEVIATION(copy.original(), copy.compressed(), copy.seeds(),
                      dflare::Options().queries(5).out(folder + "/out"));
  EXPECT_EQ(::testing::PrintToString(pair), "two");
}

TEST(ModelPair, AnErrorStaysUntilItIsUnloaded) {
  const std::string folder = dflare::test::fresh_folder();
  const auto model = std::make_shared<FakeModel>(dflare::test::brightness(0.5));
  const ModelPair pair("late", model, model, folder + "/seed.png");
  const std::string error = dflare::test::message_of<dflare::Error>([&] { pair.load(); });
  EXPECT_THAT(error, HasSubstr("the pair 'late' could not be loaded: seeds: "));
  EXPECT_EQ(dflare::test::message_of<dflare::Error>([&] { pair.original(); }), error);
}

}  // namespace
