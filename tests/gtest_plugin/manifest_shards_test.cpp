#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <map>
#include <regex>

#include "gtest_plugin/runner_fixture.hpp"

namespace {

namespace fs = boost::filesystem;
using dflare::test::Ended;
using ::testing::HasSubstr;

/// dflare_add_manifest_test() in a project of its own, run by ctest.
class ManifestShards : public dflare::test::RunnerTest {
 protected:
  /// Seed inputs in blocks of two, five to a pair, each of which is a test.
  ManifestShards() {
    write("m.yaml", R"(dflare: 1
defaults: {seeds: seeds, options: {queries: 30, block: 2}}
pairs:
  - {name: Same, original: a.pt, compressed: same.pt}
  - {name: Other, original: a.pt, compressed: other.pt}
)");
  }

  Ended ctest(const std::string& arguments_of_call, const std::string& flags) {
    write("CMakeLists.txt", R"(cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES NONE)
enable_testing()
include(")" DFLARE_SOURCE_TREE R"(/cmake/dflareManifestTest.cmake")
add_executable(dflare::dflare-test IMPORTED)
set_target_properties(dflare::dflare-test PROPERTIES IMPORTED_LOCATION ")" DFLARE_TEST_PROGRAM R"(")
dflare_add_manifest_test(MANIFEST m.yaml )" +
                                arguments_of_call + ")\n");
    const Ended configured = dflare::test::run_in(folder_, DFLARE_CMAKE " -S . -B tested -G Ninja");
    EXPECT_EQ(configured.status, 0) << configured.output;
    return dflare::test::run_in(folder_, DFLARE_CTEST " --test-dir tested " + flags);
  }

  /// "Other/3" -> how many findings there are of it, and their text.
  std::map<std::string, std::vector<std::string>> findings(const std::string& folder) const {
    std::map<std::string, std::vector<std::string>> found;
    const fs::path root(path(folder));
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().filename() != "finding.json") continue;
      const std::string place = entry.path().parent_path().lexically_relative(root).string();
      found[std::regex_replace(place, std::regex("\\.shard_[0-9]+_of_[0-9]+"), "")].push_back(
          dflare::read_file(entry.path().string()));
    }
    return found;
  }
};

TEST_F(ManifestShards, TogetherFindWhatOneTestFindsAndNothingTwice) {
  const Ended one = ctest("NAME whole", "");
  EXPECT_EQ(one.status, 8) << one.output;
  EXPECT_THAT(one.output, HasSubstr("0% tests passed, 1 tests failed out of 1"));
  const auto whole = findings("tested/dflare-findings/whole");
  ASSERT_GE(whole.size(), 6U) << "too few to say anything: " << one.output;

  const Ended four = ctest("NAME shards SHARDS 4", "-j 2");
  EXPECT_EQ(four.status, 8) << four.output;
  EXPECT_THAT(four.output, HasSubstr("tests failed out of 4"));
  const auto shards = findings("tested/dflare-findings/shards");
  EXPECT_EQ(shards, whole);
  for (const auto& [place, texts] : shards) EXPECT_EQ(texts.size(), 1U) << place;

  std::size_t seeds = 0, working = 0;
  for (int i = 1; i <= 4; ++i) {
    const std::string shard = "shard_" + std::to_string(i) + "_of_4";
    EXPECT_TRUE(exists("tested/dflare-findings/shards/junit." + shard + ".xml")) << shard;
    std::size_t of_shard = 0;
    const auto results = json("tested/dflare-findings/shards/results." + shard + ".json");
    for (const auto& pair : results["pairs"]) of_shard += pair["seeds"].get<std::size_t>();
    seeds += of_shard;
    working += of_shard > 0 ? 1 : 0;
  }
  EXPECT_EQ(seeds, 20U) << "ten for each of two pairs";
  EXPECT_EQ(working, 4U) << "each shard has blocks to search";
}

TEST_F(ManifestShards, WhatIsWrongWithAManifestFailsEveryShard) {
  write("m.yaml", "dflare: 1\npairs: [{name: Same, original: a.pt, compressed: same.pt}]\n");
  const Ended ended = ctest("NAME shards SHARDS 2", "--output-on-failure");
  EXPECT_EQ(ended.status, 8) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("2 tests failed out of 2"));
  EXPECT_THAT(ended.output, HasSubstr("the key 'seeds' is missing, here and in defaults"));
}

TEST_F(ManifestShards, PassWhereNothingDeviates) {
  const Ended ended = ctest("NAME same SHARDS 3 ARGS --gtest_filter=Same.*", "-j 2");
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("100% tests passed, 0 tests failed out of 3"));
}

}  // namespace
