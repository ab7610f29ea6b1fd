#include "finding/corpus/corpus_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dflare/options.hpp"
#include "dflare/strategy.hpp"

namespace dflare::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string key_of(const OptionTexts& texts) {
  return corpus_key("seed", 3, 5, texts);
}

std::string key_of(const Options& options) {
  return key_of(option_texts(options));
}

/// The default options with another value of one.
Options with_another(const OptionRow& row) {
  static const std::map<std::string, std::string> others = {{"criterion", "regret >= 0.3"},
                                                            {"objective", "worst"},
                                                            {"l_inf", "8"},
                                                            {"l2", "300"},
                                                            {"ssim", "0.9"},
                                                            {"changed_pixels", "3"},
                                                            {"rotate", "10"},
                                                            {"translate", "2"},
                                                            {"translate_share", "0.1"},
                                                            {"scale", "1.1"},
                                                            {"shear", "0.1"},
                                                            {"contrast", "1.2"},
                                                            {"brightness", "10"},
                                                            {"strategy", "random"},
                                                            {"path", "blend"},
                                                            {"queries", "7"},
                                                            {"rng_seed", "2"},
                                                            {"operators", "all"},
                                                            {"acceptance", "published"},
                                                            {"novelty", "false"},
                                                            {"metropolis_hastings", "false"},
                                                            {"misclassified", "skip"},
                                                            {"unreadable", "skip"},
                                                            {"accept_original", "true"},
                                                            {"batch", "3"},
                                                            {"block", "5"},
                                                            {"queries_in_all", "9"},
                                                            {"seconds_per_seed", "5"},
                                                            {"seconds", "5"},
                                                            {"workers", "2"},
                                                            {"require_complete", "true"},
                                                            {"out", "x"},
                                                            {"write_findings", "false"},
                                                            {"corpus", "x"},
                                                            {"corpus_mode", "search"},
                                                            {"update_corpus", "false"},
                                                            {"closest_by", "l_inf"},
                                                            {"minimise", "true"},
                                                            {"minimise_queries", "5"}};
  const auto other = others.find(row.name);
  EXPECT_NE(other, others.end()) << row.name << " has no test value";
  Options options;
  if (other != others.end()) row.set(options, other->second);
  return options;
}

TEST(CorpusKey, IsThatOfCorporaWrittenSoFar) {
  EXPECT_EQ(key_of(Options().rotate(10).margin(0.2)),
            "seed\n3 5\nobjective first\ncriterion margin >= 0.2\nl_inf none\nl2 none\n"
            "changed_pixels none\nssim none\nrotate 10\nscale none\ntranslate none\nshear none\n"
            "translate_share none\ncontrast none\nbrightness none\n");
  EXPECT_EQ(key_of(OptionTexts{{"criterion", "label"}, {"queries", "7"}}),
            "seed\n3 5\ncriterion label\n");
}

TEST(CorpusKey, TellsApartWhatAskedForOtherDeviations) {
  const Options defaults;
  for (const OptionRow& row : options_table()) {
    const Options other = with_another(row);
    const bool in_key = row.role == OptionRole::deviation || row.role == OptionRole::goal;
    EXPECT_EQ(key_of(other) != key_of(defaults), in_key) << row.name;
    const auto others = other_requests(option_texts(defaults), option_texts(other));
    if (row.role == OptionRole::deviation) {
      EXPECT_THAT(others, ElementsAre(row.name));
    } else {
      EXPECT_THAT(others, IsEmpty()) << row.name;
    }
  }
}

TEST(CorpusKey, HasTheRoleOfEveryOptionThatDefinesADeviation) {
  for (const OptionRow& row : options_table()) {
    const Options other = with_another(row);
    const bool defines = other.constraints().any() || other.ranges().any() ||
                         other.criterion().text() != Options().criterion().text();
    EXPECT_EQ(row.role == OptionRole::deviation, defines) << row.name;
  }
}

TEST(CorpusKey, OfAYoungerOptionIsThatOfBeforeAtItsDefault) {
  const std::string before = key_of(Options());
  OptionRow younger = whole_number_option("corpus_key_test_limit", 0, 0, 9, "How much may change.");
  younger.role = OptionRole::deviation;
  register_strategy("corpus_key_test", {younger},
                    [](const Options&) { return std::unique_ptr<Strategy>(); });
  const Options defaults = Options().strategy("corpus_key_test");
  const Options other = Options(defaults).set("corpus_key_test_limit", "3");
  EXPECT_EQ(key_of(defaults), before);
  EXPECT_EQ(key_of(other), before + "corpus_key_test_limit 3\n");
  EXPECT_THAT(other_requests(option_texts(defaults), option_texts(other)),
              ElementsAre("corpus_key_test_limit"));
}

}  // namespace
}  // namespace dflare::test
