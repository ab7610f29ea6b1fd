#include <gmock/gmock.h>
#include <sys/stat.h>

#include "faults/faulty.hpp"
#include "gtest_plugin/runner_fixture.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Outputs and inputs of dflare-test that are no regular files.
using Outputs = RunnerTest;

TEST_F(Outputs, ADeviceStaysOneAndAFullOneIsAnError) {
  const Ended ended = run("m.yaml --dflare_report=/dev/full --dflare_json=/dev/null");
  EXPECT_EQ(ended.status, 2) << ended.output;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("/dev/full"), HasSubstr("No space left on device")));
  for (const char* device : {"/dev/full", "/dev/null"})
    EXPECT_TRUE(fs::status(device).type() == fs::character_file) << device;
}

TEST_F(Outputs, ALinkIsFollowed) {
  fs::create_directory(path("elsewhere"));
  fs::create_symlink("elsewhere/r.json", path("link.json"));
  EXPECT_EQ(run("m.yaml --dflare_json=link.json").status, 1);
  EXPECT_TRUE(fs::is_symlink(path("link.json")));
  EXPECT_TRUE(json("elsewhere/r.json").is_object());
}

TEST_F(Outputs, AFifoIsRefusedBeforeTheSearch) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const char* flag : {"--dflare_json=", "--dflare_report=", "--gtest_output=xml:"}) {
    const Ended ended = run(std::string("m.yaml ") + flag + "fifo");
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, AllOf(HasSubstr(flag), HasSubstr("it is a FIFO")));
  }
}

TEST_F(Outputs, StandardOutputIsWrittenInto) {
  const Ended ended =
      run("m.yaml --dflare_json=/dev/stdout 2>errors | cat > both; cat errors both");
  EXPECT_THAT(ended.output, AllOf(HasSubstr("\"pairs\": ["), HasSubstr("[  FAILED  ]")));
}

TEST_F(Outputs, WhatIsNoRegularFileIsNoInput) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const char* file : {"fifo", "/dev/zero"}) {
    const Ended ended = run(file);
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_THAT(ended.output, AllOf(HasSubstr("cannot read '"), HasSubstr("expected a file")));
  }
}

TEST_F(Outputs, NobodyWhoReadsTheOutputLosesNothing) {
  const Ended ended = run_in(folder_, DFLARE_TEST_PROGRAM
                             " m.yaml --dflare_corpus=corpus --dflare_json=r.json "
                             "--dflare_report=r.html | head -1");
  EXPECT_THAT(ended.output, HasSubstr("[=")) << ended.output;
  EXPECT_TRUE(exists("r.json"));
  EXPECT_GT(whole_findings_below(path("corpus")).size(), 1U);
  EXPECT_GT(whole_findings_below(path("dflare-findings")).size(), 1U);
  expect_whole(path("r.html"));
  EXPECT_TRUE(exists("r.html"));
}

}  // namespace
}  // namespace dflare::test
