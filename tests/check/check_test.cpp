#include "dflare/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <stdexcept>

#include "support/fake_models.hpp"
#include "support/images.hpp"

namespace dflare::test {
namespace {

namespace fs = boost::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

SeedSet grey(const std::vector<int>& levels) {
  std::vector<Image> images;
  for (const int level : levels) images.emplace_back(8, 8, CV_8UC1, cv::Scalar(level));
  return SeedSet::images(images);
}

class CheckTest : public ::testing::Test {
 protected:
  Check check(Model& compressed, const Expectation& expectation = {}) {
    return {"Pair", original_, compressed, mixed_, expectation, options()};
  }
  Options options() const {
    return Options()
        .strategy("dflare")
        .operators(MutationSet::named("geometric"))
        .queries(10)
        .workers(1)
        .out(out_);
  }

  const std::string out_ = fresh_folder("out");
  FakeModel original_{brightness(0.5), "the original"};
  FakeModel equal_{brightness(0.5), "an equal one"};
  FakeModel other_{brightness(-1, 0.2), "another one"};  // always bright
  FakeModel failing_{[](const Image& image, std::size_t place, std::size_t size) {
                       if (mean_pixel(image) > 0.95) throw std::runtime_error("out of order");
                       return brightness(-1, 0.2)(image, place, size);
                     },
                     "a failing one"};
  const SeedSet mixed_ = grey({230, 20, 240, 250});  // one of them is dark for one model only
};

TEST_F(CheckTest, ThatIsMetPasses) {
  const CheckResult result = check(equal_).run();
  EXPECT_EQ(result.verdict, CheckVerdict::passed);
  EXPECT_TRUE(result.passed());
  EXPECT_TRUE(result.searched);
  EXPECT_EQ(result.summary.seeds, 4U);
  EXPECT_THAT(result.message(), StartsWith("Pair: expected no deviation: none of 4 seed inputs "
                                           "leads to a deviation"));
  ASSERT_FALSE(result.lines.empty());
  EXPECT_THAT(result.lines[0], StartsWith("passed; none of 4 seed inputs"));
}

TEST_F(CheckTest, ThatIsNotMetFailsAndSaysHow) {
  const CheckResult result = check(other_, Expectation::rate_le(0.1)).run();
  EXPECT_EQ(result.verdict, CheckVerdict::failed);
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.summary.rate, 0.25);
  EXPECT_EQ(result.search.seeds.size(), 4U);
  EXPECT_EQ(result.message(), "Pair: expected a deviation rate of at most 0.1\n" + result.text);
  EXPECT_THAT(result.text, StartsWith("  original    the original"));
  EXPECT_THAT(result.text, HasSubstr("\nThe deviation rate 0.25 is above 0.1"));
  EXPECT_EQ(result.folder, out_ + "/Pair");
  EXPECT_TRUE(fs::exists(result.folder + "/1/finding.json"));
  EXPECT_THAT(result.lines, IsEmpty());
}

TEST_F(CheckTest, OfNothingIsInconclusive) {
  Check empty = check(equal_, Expectation::rate_le(1));
  empty.seeds = mixed_.skip(4);
  EXPECT_EQ(empty.run().verdict, CheckVerdict::inconclusive);
  EXPECT_THAT(empty.run().message(), HasSubstr("\nThe seed set is empty"));

  Check stopped = check(equal_);
  StopSignal stop;
  stop.request();
  stopped.options.stop(stop);
  EXPECT_EQ(stopped.run().verdict, CheckVerdict::inconclusive);
}

TEST_F(CheckTest, ThatABudgetCutsShortIsInconclusiveWhereAllIsRequired) {
  Check left = check(equal_);
  left.options.queries(1000).queries_in_all(20);
  EXPECT_EQ(left.run().verdict, CheckVerdict::passed);
  left.options.require_complete(true);
  EXPECT_EQ(left.run().verdict, CheckVerdict::inconclusive);
}

TEST_F(CheckTest, OfAModelThatFailsIsAnErrorThoughItDeviates) {
  const CheckResult result = check(failing_, Expectation::rate_le(1)).run();
  EXPECT_EQ(result.verdict, CheckVerdict::error);
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(result.message(), HasSubstr("out of order"));
}

TEST_F(CheckTest, WithoutANameIsAnErrorAndTouchesNothing) {
  Check nameless = check(equal_);
  nameless.name.clear();
  const CheckResult result = nameless.run();
  EXPECT_EQ(result.verdict, CheckVerdict::error);
  EXPECT_THAT(result.error, StartsWith("the check has no name"));
  EXPECT_TRUE(fs::is_empty(out_));
}

TEST_F(CheckTest, OfWhatMakesNoSenseIsAnErrorAndNeverThrows) {
  Check options = check(equal_);
  options.options.queries(0);
  EXPECT_EQ(options.run().verdict, CheckVerdict::error);
  EXPECT_THAT(options.run().error, HasSubstr("option queries: 0 is too small"));
  EXPECT_THAT(options.run().message(),
              StartsWith("Pair: expected no deviation\nThe pair could not be tested: option"));

  EXPECT_THAT(check(equal_, Expectation::rate_le(1.5)).run().error, HasSubstr("0 to 1"));

  Check model = check(equal_);
  model.original = fresh_folder() + "/nowhere.pt";
  EXPECT_EQ(model.run().verdict, CheckVerdict::error);

  Check seeds = check(equal_);
  seeds.seeds = fresh_folder() + "/nowhere";
  EXPECT_EQ(seeds.run().verdict, CheckVerdict::error);

  Check thrown = check(equal_);
  thrown.compressed = ModelArgument("odd", []() -> std::shared_ptr<Model> { throw 7; });
  EXPECT_EQ(thrown.run().verdict, CheckVerdict::error);
  EXPECT_EQ(thrown.run().error, "something was thrown that is no std::exception");

  Check null = check(equal_);
  null.compressed = ModelArgument("none", [] { return std::shared_ptr<Model>(); });
  EXPECT_THAT(null.run().error, HasSubstr("a model is a null pointer"));
}

TEST_F(CheckTest, SearchesTheWorstWithFewerQueriesWhereNoOptionsAreGiven) {
  const Check worst("Pair", original_, equal_, mixed_, Expectation::worst_le(0.2));
  EXPECT_EQ(worst.options.queries(), 200);
  EXPECT_EQ(Check("Pair", original_, equal_, mixed_).options.queries(), Options().queries());
}

TEST_F(CheckTest, ReplaysItsCorpusBeforeItSearches) {
  const std::string corpus = fresh_folder("corpus");
  Check kept = check(other_);
  kept.options.corpus(corpus);
  EXPECT_EQ(kept.run().corpus.added, 1U);
  EXPECT_TRUE(fs::is_directory(corpus + "/Pair"));

  const CheckResult again = kept.run();
  EXPECT_EQ(again.verdict, CheckVerdict::failed);
  EXPECT_FALSE(again.searched);
  EXPECT_EQ(again.corpus_text, "1 finding replayed: 1 still deviates");

  kept.compressed = equal_;
  kept.options.corpus_mode(CorpusMode::replay_only);
  const CheckResult repaired = kept.run();
  EXPECT_EQ(repaired.verdict, CheckVerdict::passed);
  EXPECT_FALSE(repaired.searched);
  EXPECT_EQ(repaired.message(), "Pair: expected no deviation: 1 finding replayed: 1 is fixed");
}

TEST_F(CheckTest, OfACorpusThatSaysNothingIsInconclusive) {
  Check replay = check(equal_);
  replay.options.corpus(fresh_folder("corpus")).corpus_mode(CorpusMode::replay_only);
  const CheckResult result = replay.run();
  EXPECT_EQ(result.verdict, CheckVerdict::inconclusive);
  EXPECT_THAT(result.message(), HasSubstr("holds no finding, so nothing was tested"));
}

TEST_F(CheckTest, WritesWhereItIsTold) {
  Check elsewhere = check(other_);
  elsewhere.folder = out_ + "/here/";
  EXPECT_EQ(elsewhere.run().folder, out_ + "/here");
  elsewhere.options.write_findings(false);
  EXPECT_EQ(elsewhere.run().folder, "");
  elsewhere = check(other_);
  elsewhere.name = "a/b\n\xff";
  const CheckResult result = elsewhere.run();
  EXPECT_EQ(result.folder, out_ + "/a%2Fb%0A%FF");
  EXPECT_THAT(result.message(), StartsWith("a/b \xef\xbf\xbd: expected no deviation\n"));
}

TEST(CheckResultTest, ThatNobodyFilledInIsNoPass) {
  EXPECT_FALSE(CheckResult().passed());
  EXPECT_EQ(CheckResult().verdict, CheckVerdict::error);
}

}  // namespace
}  // namespace dflare::test
