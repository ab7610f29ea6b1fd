#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "gtest_plugin/child.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace {

using dflare::test::Ended;
using ::testing::HasSubstr;

class UserProgram : public ::testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& environment = "") const {
    return dflare::test::run_in(folder_, environment + " " DFLARE_USER_PROGRAM " " + arguments);
  }
  bool exists(const std::string& name) const {
    return boost::filesystem::exists(folder_ + "/" + name);
  }

  std::string folder_ = dflare::test::fresh_folder();
};

TEST_F(UserProgram, FindingsGoToTheFolderDflareFindings) {
  const Ended ended = run("");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_TRUE(exists("dflare-findings/User.Other/0/finding.json")) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("[       OK ] User.Same"));
  EXPECT_THAT(ended.output, HasSubstr("EXPECT_NO_DEVIATION(a, b, seeds())\n"));
}

TEST_F(UserProgram, TakesFlagsAndTheEnvironment) {
  run("--dflare_out=there");
  EXPECT_TRUE(exists("there/User.Other/0/finding.json"));
  run("", "DFLARE_OUT=elsewhere");
  EXPECT_TRUE(exists("elsewhere/User.Other/0/finding.json"));
  EXPECT_FALSE(exists("dflare-findings"));
  run("--gtest_filter=User.Same --gtest_output=json:r.json --dflare_queries 7");
  EXPECT_THAT(dflare::read_file(folder_ + "/r.json"), HasSubstr("\"queries\": \"7\""));
}

TEST_F(UserProgram, SearchesForSomethingWorseOrCloserTake200QueriesWhereNoOptionsAreGiven) {
  for (const char* test : {"User.Worst", "User.Closest"}) {
    const std::string one = std::string("--dflare_strategy=random --gtest_filter=") + test;
    const Ended ended = run(one + " --gtest_output=json:r.json");
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_THAT(dflare::read_file(folder_ + "/r.json"), HasSubstr("\"queries\": \"200\"")) << test;
  }
}

TEST_F(UserProgram, AnObjectiveOnTheCommandLineThatDoesNotFitIsAFailure) {
  const Ended ended = run("--gtest_filter=User.Worst --dflare_objective=closest");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("option objective: closest does not go with"));
}

TEST_F(UserProgram, WrongFlagsAreTwo) {
  const Ended unknown = run("--dflare_ot=x");
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.output, HasSubstr("unknown flag --dflare_ot; did you mean --dflare_out?"));
  EXPECT_EQ(run("--gtest_filtr=x").status, 2);
  EXPECT_EQ(run("", "DFLARE_QUERIES=x").status, 2);
  EXPECT_EQ(run("--dflare_json=x").status, 2);
  EXPECT_EQ(run("--mine --gtest_filter=User.Same").status, 0)
      << "other arguments are the program's own";
}

TEST_F(UserProgram, AVariableThatIsNoneOfDflaresIsWarnedOfOnce) {
  const Ended ended = run("--gtest_filter=User.Same", "DFLARE_QUERYS=5");
  EXPECT_EQ(ended.status, 0) << ended.output;
  const std::string warning =
      "warning: dflare reads no environment variable DFLARE_QUERYS; did you mean DFLARE_QUERIES?\n";
  const std::size_t place = ended.output.find(warning);
  EXPECT_NE(place, std::string::npos) << ended.output;
  EXPECT_EQ(ended.output.find(warning, place + 1), std::string::npos) << ended.output;
}

TEST_F(UserProgram, HelpShowsBothKindsOfFlags) {
  const Ended ended = run("--help");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, HasSubstr("--gtest_filter"));
  EXPECT_THAT(ended.output, HasSubstr("--dflare_queries="));
}

TEST_F(UserProgram, AnInterruptIsNoPass) {
  const Ended ended = dflare::test::run_in(
      folder_, DFLARE_USER_PROGRAM
      R"( --gtest_filter=User.Same --dflare_queries=2000000000 --dflare_strategy=dflare &
while [ ! -e dflare-findings/User.Same/run.json ]; do sleep 0.05; done
sleep 0.2
kill -TERM $!
wait $!)");
  EXPECT_EQ(ended.status, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("Interrupted, with 1 partly searched and 0 not begun."));
}

}  // namespace
