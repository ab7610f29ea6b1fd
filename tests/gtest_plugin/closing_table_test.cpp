#include "runner/closing_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/results.hpp"

namespace dflare::test {
namespace {

using gtest::closing_table;
using gtest::ClosingRow;
using gtest::PairState;
using ::testing::HasSubstr;

/// Four seed inputs: one deviates as it is, one by search; the labels are known of three.
SearchResult some_result() {
  SearchResult result;
  result.seeds = {as_seen(seed_result(0, Outcome::not_found), 7, 7, 7),
                  as_seen(deviating(1, Outcome::as_it_is, 0.5, 0), 7, 2, 7),
                  as_seen(deviating(2, Outcome::found, 0.3, 4), 7, 7, 1),
                  as_seen(seed_result(3, Outcome::not_found), 1, 1)};
  result.counts.queries = 1234;
  return result;
}

gtest::Pair pair_named(const std::string& name, const Options& options = {}) {
  return {name, {}, {}, SeedSet::images(std::vector<Image>(4, Image(2, 2, CV_8UC1))), options, {}};
}

struct Made {
  explicit Made(gtest::Pair made, const SearchResult& found = some_result())
      : pair(std::move(made)) {
    result.pair = &pair;
    result.summary = summarise(found);
    result.figures.counts = found.counts;
  }
  ClosingRow row(PairState state) const { return {pair.name, state, pair.seeds.size(), &result}; }

  gtest::Pair pair;
  gtest::PairResult result;
};

TEST(ClosingTable, HasALineForEachPair) {
  const Made rate(pair_named("Int8"));
  const Made worst(pair_named("Weights4Bit", Options().objective(Objective::worst)));
  const Made margin(pair_named("Margin", Options().objective(Objective::worst).margin(0.1)));
  const Made closest(pair_named("Near", Options().objective(Objective::closest)));
  EXPECT_EQ(closing_table({rate.row(PairState::passed), worst.row(PairState::failed),
                           margin.row(PairState::failed), closest.row(PairState::passed)}),
            R"(
  pair                 seeds   agree        accuracy  deviate                        queries
  Int8         passed      4  75.0 %  66.7 -> 33.3 %  50.0 % (6.8 to 93.2)              1234
  Weights4Bit  FAILED      4  75.0 %  66.7 -> 33.3 %  regret 0.200 (0.000 to 0.590)     1234
  Margin       FAILED      4  75.0 %  66.7 -> 33.3 %  margin 0.100 (0.000 to 0.295)     1234
  Near         passed      4  75.0 %  66.7 -> 33.3 %  nearest L2 0                      1234
)");
}

TEST(ClosingTable, OfOnePairWouldRepeatWhatIsSaid) {
  const Made one(pair_named("Int8"));
  EXPECT_EQ(closing_table({one.row(PairState::passed)}), "");
  EXPECT_EQ(closing_table({}), "");
}

TEST(ClosingTable, ShowsErrorsAsSuchOnOneLine) {
  const Made good(pair_named("Int8"));
  Made bad(pair_named("Broken"), {});
  bad.result.error = "cannot load 'b\xff.pt':\n\x1b[31m" + std::string(200, 'x');
  const std::string table =
      closing_table({bad.row(PairState::not_tested), good.row(PairState::passed)});
  EXPECT_THAT(table, HasSubstr("\n  Broken  ERROR   cannot load 'b\xef\xbf\xbd.pt': \\x1b[31mxxx"));
  EXPECT_THAT(table, HasSubstr("xxx...\n"));
  for (std::size_t begin = 0, end = 0; end != table.npos; begin = end + 1) {
    end = table.find('\n', begin);
    EXPECT_LE(table.substr(begin, end - begin).size(), 102U);  // U+FFFD has three bytes
  }
}

TEST(ClosingTable, SaysWhatWasNotSearched) {
  const Made good(pair_named("Int8"));
  Made corpus(pair_named("Corpus"), {});
  corpus.result.searched = false;
  corpus.result.corpus.folder = "/corpus";
  Made part(pair_named("Part"));
  part.pair.seeds = SeedSet::images(std::vector<Image>(300, Image(2, 2, CV_8UC1)));
  ClosingRow never;
  never.name = "Never";
  const std::string table =
      closing_table({good.row(PairState::passed), corpus.row(PairState::passed),
                     part.row(PairState::interrupted), never});
  EXPECT_THAT(table, HasSubstr("\n  Corpus  passed       nothing searched; corpus: no finding to "
                               "replay\n"));
  EXPECT_THAT(table, HasSubstr("\n  Part    interrupted  4/300  75.0 %"));
  EXPECT_THAT(table, HasSubstr("\n  Never   not begun\n"));
}

TEST(ClosingTable, HasNoFiguresWhereThereAreNone) {
  SearchResult errors;
  errors.seeds = {seed_result(0, Outcome::error), seed_result(1, Outcome::not_begun)};
  const Made nothing(pair_named("Nothing"), errors), good(pair_named("Int8"));
  EXPECT_THAT(closing_table({nothing.row(PairState::failed), good.row(PairState::passed)}),
              ::testing::ContainsRegex("\n  Nothing  FAILED +0/4 +- +- +- +0\n"));
}

TEST(ClosingTable, CutsLongNames) {
  const Made a(pair_named(std::string(60, 'a'))), b(pair_named("b"));
  EXPECT_THAT(closing_table({a.row(PairState::passed), b.row(PairState::passed)}),
              HasSubstr("\n  " + std::string(21, 'a') + "...  passed"));
}

}  // namespace
}  // namespace dflare::test
