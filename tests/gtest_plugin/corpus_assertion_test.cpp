#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>

#include "dflare/gtest.hpp"
#include "support/fake_models.hpp"
#include "support/images.hpp"

namespace {

namespace fs = boost::filesystem;
using dflare::CorpusMode;
using dflare::Image;
using dflare::Options;
using dflare::SeedSet;
using dflare::test::brightness;
using dflare::test::FakeModel;
using dflare::test::fresh_folder;

// EXPECT_NONFATAL_FAILURE's statement may be in a lambda; globals are simpler.
FakeModel dark_at_half(brightness(0.5), "dark_at_half");
FakeModel bright_always(brightness(-1, 0.2), "bright_always");
FakeModel repaired(brightness(0.5), "repaired");

SeedSet grey(const std::vector<int>& levels) {
  std::vector<Image> images;
  for (const int level : levels) images.emplace_back(8, 8, CV_8UC1, cv::Scalar(level));
  return SeedSet::images(images);
}

/// Two of them deviate as they are.
const SeedSet seeds = grey({230, 20, 240, 30});

class AssertionCorpus : public ::testing::Test {
 protected:
  AssertionCorpus() {
    options = Options()
                  .strategy("dflare")
                  .operators(dflare::MutationSet::named("geometric"))
                  .queries(10)
                  .workers(1)
                  .out(fresh_folder("out"))
                  .corpus(corpus);
  }
  void first_run() {
    EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, seeds, options),
                            "2 deviate as they are");
  }
  static std::size_t findings_in(const std::string& folder) {
    std::size_t count = 0;
    if (!fs::exists(folder)) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      count += entry.path().filename() == "finding.json";
    return count;
  }
  static std::string property(const std::string& key) {
    const auto* result = ::testing::UnitTest::GetInstance()->current_test_info()->result();
    for (int i = 0; i < result->test_property_count(); ++i) {
      if (key == result->GetTestProperty(i).key()) return result->GetTestProperty(i).value();
    }
    return "none";
  }

  const std::string corpus = fresh_folder("corpus");
  static Options options;
};
Options AssertionCorpus::options;

// All assertions of a test share a corpus only if they are the first of it, hence the repeats of
// one through a function: the second assertion of a test has a folder of its own.
TEST_F(AssertionCorpus, KeepsWhatIsFoundInAFolderOfTheAssertion) {
  first_run();
  EXPECT_EQ(findings_in(corpus + "/AssertionCorpus.KeepsWhatIsFoundInAFolderOfTheAssertion"), 2U);
  EXPECT_EQ(property("corpus"), "no finding to replay");
}

TEST_F(AssertionCorpus, IsLeftAsItIsWithoutUpdateCorpus) {
  options.update_corpus(false);
  first_run();
  EXPECT_EQ(findings_in(corpus), 0U);
}

/// The corpus of the first assertion, as that of the second.
void take_over(const std::string& corpus, const std::string& test) {
  fs::rename(corpus + "/AssertionCorpus." + test, corpus + "/AssertionCorpus." + test + "-2");
}

TEST_F(AssertionCorpus, FailsWithoutASearchWhereAFindingStillDeviates) {
  first_run();
  take_over(corpus, "FailsWithoutASearchWhereAFindingStillDeviates");
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, seeds, options),
                          "Corpus: 2 findings replayed: 2 still deviate.\n"
                          "2 findings of the corpus still deviate.\n"
                          "So nothing was searched; --dflare_corpus=search searches all the same.");
  EXPECT_EQ(property("queries_2"), "none");
}

TEST_F(AssertionCorpus, IsSearchedWhereAllIsFixed) {
  first_run();
  take_over(corpus, "IsSearchedWhereAllIsFixed");
  EXPECT_NO_DEVIATION(dark_at_half, repaired, seeds, options);
  EXPECT_EQ(property("corpus_2"), "2 findings replayed: 2 are fixed");
  EXPECT_EQ(property("seeds_2"), "4");
}

TEST_F(AssertionCorpus, IsNotReplayedInModeSearch) {
  first_run();
  take_over(corpus, "IsNotReplayedInModeSearch");
  options.corpus_mode(CorpusMode::search);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, bright_always, seeds, options),
                          "2 of 4 seed inputs lead to a deviation");
}

TEST_F(AssertionCorpus, IsAllThereIsInModeReplayOnly) {
  first_run();
  take_over(corpus, "IsAllThereIsInModeReplayOnly");
  options.corpus_mode(CorpusMode::replay_only);
  EXPECT_NO_DEVIATION(dark_at_half, repaired, seeds, options);
  EXPECT_EQ(property("corpus_2"), "2 findings replayed: 2 are fixed");
  EXPECT_EQ(property("seeds_2"), "none") << "something was searched";
}

TEST_F(AssertionCorpus, MustHoldSomethingInModeReplayOnly) {
  options.corpus_mode(CorpusMode::replay_only);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, repaired, seeds, options),
                          "holds no finding, so nothing was tested: leave out "
                          "--dflare_corpus=replay-only");
}

TEST_F(AssertionCorpus, ThatIsNotReplayedToItsEndIsNoPassInModeReplayOnly) {
  first_run();
  take_over(corpus, "ThatIsNotReplayedToItsEndIsNoPassInModeReplayOnly");
  dflare::StopSignal stop;
  stop.request();
  options.corpus_mode(CorpusMode::replay_only).stop(stop);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, repaired, seeds, options),
                          "The replay of the corpus was stopped before its end.");
}

TEST_F(AssertionCorpus, OfOtherRequestsTestsNothingInModeReplayOnly) {
  first_run();
  take_over(corpus, "OfOtherRequestsTestsNothingInModeReplayOnly");
  options.corpus_mode(CorpusMode::replay_only).margin(0.1);
  EXPECT_NONFATAL_FAILURE(EXPECT_NO_DEVIATION(dark_at_half, repaired, seeds, options),
                          "Corpus: 2 findings replayed: 2 are no longer valid (other criterion, "
                          "for one).\nNo finding of the corpus says anything of these models and "
                          "options, so nothing was tested");
}

TEST_F(AssertionCorpus, FailsARateThatItAloneExceeds) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, seeds, 0.3, options), "rate 0.5");
  take_over(corpus, "FailsARateThatItAloneExceeds");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, seeds, 0.3, options),
      "The findings that still deviate are of at least 2 of 4 seed inputs, above the rate 0.3");
}

TEST_F(AssertionCorpus, BelowTheRateIsSearchedAllTheSame) {
  first_run();
  take_over(corpus, "BelowTheRateIsSearchedAllTheSame");
  EXPECT_DEVIATION_RATE_LE(dark_at_half, bright_always, seeds, 0.5, options);
  EXPECT_EQ(property("seeds_2"), "4");
}

TEST_F(AssertionCorpus, FailsABoundOnTheRegretWhereAFindingIsAboveIt) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, bright_always, seeds, 0.01, options),
      "of a regret above 0.01");
  take_over(corpus, "FailsABoundOnTheRegretWhereAFindingIsAboveIt");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_WORST_DEVIATION_LE(dark_at_half, bright_always, seeds, 0.01, options),
      "2 findings of the corpus still deviate by a regret above 0.01, the largest allowed.");
}

TEST_F(AssertionCorpus, FailsABoundOnTheDistanceWhereAFindingIsNearer) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, bright_always, seeds, 5, options), "nearer than");
  take_over(corpus, "FailsABoundOnTheDistanceWhereAFindingIsNearer");
  EXPECT_NONFATAL_FAILURE(
      EXPECT_CLOSEST_DEVIATION_GE(dark_at_half, bright_always, seeds, 5, options),
      "2 findings of the corpus still deviate nearer to the seed input than 5, the nearest "
      "allowed.");
}

}  // namespace
