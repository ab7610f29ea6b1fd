// dflare-report as a child process.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>

#include "gtest_plugin/child.hpp"
#include "report/results.hpp"
#include "support/files.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

const char* const program = DFLARE_REPORT_PROGRAM;

TEST(DflareReport, WritesAReportOfFolders) {
  const std::string out = fresh_folder();
  write_run(out + "/dflare/W4.shard_1_of_2", {"a"});
  write_run(out + "/dflare/W4.shard_2_of_2", {"b"});
  write_run(out + "/dflare/W8", {"c"}, 4);
  const Ended ended =
      run_in(out, std::string(program) + " dflare -o r.html --title 'Our <models>'");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, MatchesRegex("r\\.html: 2 pairs, 3 findings, [0-9.]+ MB\n"));
  EXPECT_THAT(read_file(out + "/r.html"), AllOf(HasSubstr("<title>Our &lt;models&gt;</title>"),
                                                HasSubstr("\"url\":\"dflare/W8/c\"")));
}

TEST(DflareReport, ReplacesAReportAndLeavesNothingBeside) {
  const std::string out = fresh_folder();
  write_run(out + "/W4", {"a"});
  write_file(out + "/report.html", "an older one");
  EXPECT_EQ(run_in(out, std::string(program) + " W4").status, 0);
  EXPECT_THAT(read_file(out + "/report.html"), HasSubstr("<!doctype html>"));
  EXPECT_EQ(run_in(out, "ls -A").output, "W4\nreport.html\n");
}

TEST(DflareReport, RefusesWhatItCannotRead) {
  const std::string out = fresh_folder();
  write_file(out + "/report.html", "an older one");
  const auto refused = [&](const std::string& arguments) {
    const Ended ended = run_in(out, std::string(program) + " " + arguments);
    EXPECT_EQ(ended.status, 2) << arguments;
    return ended.output;
  };
  EXPECT_THAT(refused("."), HasSubstr("dflare-report: '.' holds no results"));
  EXPECT_THAT(refused("nowhere"), HasSubstr("'nowhere' is no folder"));
  EXPECT_THAT(refused(""), HasSubstr("DIR"));
  EXPECT_THAT(refused("--nonsense ."), HasSubstr("--nonsense"));
  EXPECT_EQ(read_file(out + "/report.html"), "an older one");
  write_run(out + "/W4", {"a"});
  EXPECT_THAT(refused("W4 -o no/r.html"), HasSubstr("cannot write 'no/r.html'"));
}

TEST(DflareReport, SaysItsVersionAndThoseOfWhatModelsRunBy) {
  const Ended ended = run_in(fresh_folder(), std::string(program) + " --version");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output,
              MatchesRegex("dflare-report [0-9.]+\nLibTorch [0-9][^\n]*\n([^\n]+ [0-9][^\n]*\n)*"));
}

TEST(DflareReport, Helps) {
  const Ended ended = run_in(fresh_folder(), std::string(program) + " --help");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("Examples:"), HasSubstr("Exit status:")));
}

}  // namespace
}  // namespace dflare::test
