#include "check/text/label_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/results.hpp"

namespace dflare::test {
namespace {

using checking::label_facts;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

SearchResult result_of(std::vector<SeedResult> seeds) {
  SearchResult result;
  result.seeds = std::move(seeds);
  return result;
}

TEST(LabelFactsText, SaysNothingWhereNothingWasEvaluated) {
  const Summary summary = summarise(result_of({seed_result(0, Outcome::error)}));
  EXPECT_THAT(label_facts(summary), IsEmpty());
  EXPECT_FALSE(checking::agreement(summary));
  EXPECT_FALSE(checking::original_accuracy(summary));
  EXPECT_FALSE(checking::compressed_accuracy(summary));
}

TEST(LabelFactsText, SaysOfHowManyItSpeaks) {
  const SearchResult all = result_of({as_seen(seed_result(0, Outcome::not_found), 7, 7),
                                      as_seen(seed_result(1, Outcome::not_found), 7, 2)});
  EXPECT_THAT(label_facts(summarise(all)),
              ElementsAre("the models agree on 1 of 2 seed inputs as they are (50.0 %)"));
  SearchResult part = all;
  part.seeds.push_back(seed_result(2, Outcome::not_begun));
  EXPECT_THAT(label_facts(summarise(part)),
              ElementsAre("the models agree on 1 of the 2 seed inputs that were evaluated as they "
                          "are (50.0 %)"));
  part.seeds.erase(part.seeds.begin());
  EXPECT_THAT(label_facts(summarise(part)),
              ElementsAre("the models agree on 0 of the 1 seed input that was evaluated as it is "
                          "(0.0 %)"));
}

TEST(LabelFactsText, SaysHowManyHaveLabelsWhereNotAllDo) {
  const SearchResult result = result_of({as_seen(seed_result(0, Outcome::not_found), 7, 7, 7),
                                         as_seen(seed_result(1, Outcome::not_found), 7, 2, 2),
                                         as_seen(seed_result(2, Outcome::not_found), 7, 7)});
  EXPECT_THAT(label_facts(summarise(result)),
              ElementsAre("the models agree on 2 of 3 seed inputs as they are (66.7 %); accuracy: "
                          "original 50.0 %, compressed 100.0 % (of 2 with labels)"));
}

TEST(LabelFactsText, SaysWhoIsRightWhereTheyDeviate) {
  SearchResult result = result_of({as_seen(deviating(0, Outcome::found, 0.5, 1), 7, 7, 7),
                                   as_seen(deviating(1, Outcome::found, 0.5, 1), 2, 2, 2),
                                   as_seen(deviating(2, Outcome::as_it_is, 0.5, 0), 7, 2, 7),
                                   as_seen(deviating(3, Outcome::found, 0.5, 1), 1, 1, 1),
                                   as_seen(deviating(4, Outcome::found, 0.5, 1), 1, 1)});
  EXPECT_EQ(label_facts(summarise(result)).at(1),
            "of the 4 deviations of known class, the original is right in 2, the compressed model "
            "in 1, neither in 1");
  // A criterion that says nothing of labels.
  result.seeds[0].compressed_label = 7;
  EXPECT_EQ(label_facts(summarise(result)).at(1),
            "of the 4 deviations of known class, the original is right in 1, the compressed model "
            "in 1, neither in 1, both in 1");
}

}  // namespace
}  // namespace dflare::test
