#include "dflare/options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>

#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

TEST(OptionsTable, EveryOptionIsSetFromTextAndReadBack) {
  const std::map<std::string, std::string> other = {{"strategy", "random"},
                                                    {"path", "blend"},
                                                    {"criterion", "regret >= 0.2 and harmful"},
                                                    {"objective", "closest"},
                                                    {"closest_by", "l_inf"},
                                                    {"l_inf", "8.5"},
                                                    {"l2", "300"},
                                                    {"changed_pixels", "20"},
                                                    {"ssim", "0.9"},
                                                    {"minimise", "true"},
                                                    {"minimise_queries", "50"},
                                                    {"rotate", "12.5"},
                                                    {"translate", "2"},
                                                    {"translate_share", "0.07142857142857142"},
                                                    {"scale", "1.1"},
                                                    {"shear", "0.25"},
                                                    {"contrast", "1.2"},
                                                    {"brightness", "10"},
                                                    {"queries", "7"},
                                                    {"rng_seed", "18446744073709551615"},
                                                    {"operators", "geometric"},
                                                    {"acceptance", "published"},
                                                    {"metropolis_hastings", "false"},
                                                    {"novelty", "false"},
                                                    {"misclassified", "skip"},
                                                    {"unreadable", "skip"},
                                                    {"accept_original", "true"},
                                                    {"batch", "3"},
                                                    {"block", "5"},
                                                    {"queries_in_all", "99"},
                                                    {"seconds_per_seed", "0.5"},
                                                    {"seconds", "2.25"},
                                                    {"workers", "2"},
                                                    {"require_complete", "true"},
                                                    {"out", "some/folder"},
                                                    {"write_findings", "false"},
                                                    {"corpus", "some/folder"},
                                                    {"corpus_mode", "replay-only"},
                                                    {"update_corpus", "false"}};
  for (const OptionRow& row : options_table()) {
    ASSERT_EQ(other.count(row.name), 1U) << row.name << " has no test value";
    Options options;
    EXPECT_NE(row.get(options), other.at(row.name))
        << row.name << ": the test value is the default";
    set_option(options, row.name, other.at(row.name));
    EXPECT_EQ(row.get(options), other.at(row.name)) << row.name;
    EXPECT_NO_THROW(options.check()) << row.name;
    EXPECT_FALSE(row.meaning.empty());
    EXPECT_FALSE(row.values.empty());
  }
  EXPECT_EQ(options_table().size(), other.size());
}

TEST(OptionsTable, DefaultsReadBackToThemselves) {
  for (const OptionRow& row : options_table()) {
    Options options;
    const std::string value = row.get(options);
    set_option(options, row.name, value);
    EXPECT_EQ(row.get(options), value) << row.name;
  }
}

std::string read_back(const Options& options, const std::string& name) {
  for (const OptionRow& row : options_table()) {
    if (row.name == name) return row.get(options);
  }
  return "no such option";
}

TEST(OptionsTable, EveryChoiceReadsBack) {
  for (const auto& [name, choices] : std::map<std::string, std::vector<std::string>>{
           {"path", {"auto", "transform", "blend", "gradient", "mutation"}},
           {"objective", {"first", "closest", "worst"}},
           {"closest_by", {"l2", "l_inf", "strength"}}}) {
    for (const std::string& choice : choices) {
      Options options;
      set_option(options, name, choice);
      EXPECT_EQ(read_back(options, name), choice);
    }
  }
}

TEST(OptionsTable, LimitsCanBeTakenBack) {
  for (const char* name : {"l_inf", "l2", "changed_pixels", "ssim", "rotate", "translate",
                           "translate_share", "scale", "shear", "contrast", "brightness"}) {
    Options options;
    EXPECT_EQ(read_back(options, name), "none");
    set_option(options, name, "1");
    EXPECT_TRUE(options.constraints().any() || options.ranges().any());
    set_option(options, name, "none");
    EXPECT_EQ(read_back(options, name), "none");
    EXPECT_FALSE(options.constraints().any() || options.ranges().any());
  }
}

TEST(OptionsTable, ANewOptionLeavesTheOthersOfItsGroup) {
  Options options = everyday();
  set_option(options, "rotate", "5");
  set_option(options, "l2", "100");
  set_option(options, "ssim", "0.5");
  EXPECT_EQ(read_back(options, "rotate"), "5");
  EXPECT_EQ(read_back(options, "scale"), "1.1");
  EXPECT_EQ(read_back(options, "l2"), "100");
}

TEST(OptionsTable, MeaningsAreOneSentence) {
  for (const OptionRow& row : options_table()) {
    EXPECT_EQ(row.meaning.find(". "), std::string::npos) << row.name;
    EXPECT_EQ(row.meaning.back(), '.') << row.name;
  }
}

TEST(OptionsTable, NamesOwnOperatorsOneByOne) {
  MutationSet own;
  own.add("mirror", [](const Image& image, Random&) { return image; });
  Options options;
  options.operators(own);
  const auto& rows = options_table();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [](const OptionRow& r) { return r.name == "operators"; });
  ASSERT_NE(row, rows.end());
  EXPECT_EQ(row->get(options), "mirror");
}

TEST(SetOption, NamesTheNearestOption) {
  Options options;
  const std::string message =
      test::message_of<ConfigError>([&] { set_option(options, "querys", "5"); });
  EXPECT_NE(message.find("unknown option 'querys'"), std::string::npos) << message;
  EXPECT_NE(message.find("queries"), std::string::npos) << message;
}

TEST(SetOption, SaysWhereAConditionBelongs) {
  Options options;
  EXPECT_NE(test::message_of<ConfigError>([&] { set_option(options, "margin", "0.2"); })
                .find("unknown option 'margin': it is a condition of the option 'criterion', whose "
                      "value is text such as \"regret >= 0.2\""),
            std::string::npos);
}

TEST(SetOption, RefusesValuesThatMakeNoSense) {
  Options options;
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"queries", "many"},
                                                        {"queries", "1.5"},
                                                        {"queries", ""},
                                                        {"rng_seed", "-1"},
                                                        {"novelty", "yes"},
                                                        {"acceptance", "both"},
                                                        {"seconds", "soon"},
                                                        {"path", "automatic"},
                                                        {"objective", "best"},
                                                        {"closest_by", "l1"},
                                                        {"criterion", ""},
                                                        {"criterion", "margin >= 2"},
                                                        {"l_inf", "None"},
                                                        {"l2", ""},
                                                        {"changed_pixels", "1.5"},
                                                        {"rotate", "a bit"},
                                                        {"minimise", "1"},
                                                        {"minimise_queries", "few"}}) {
    const std::string message = test::message_of<ConfigError>(
        [&, name = name, text = text] { set_option(options, name, text); });
    EXPECT_NE(message.find("option " + name + ": '" + text + "' makes no sense; expected "),
              std::string::npos)
        << message;
  }
}

TEST(SetOption, NamesTheNearestOperatorSet) {
  Options options;
  const std::string message =
      test::message_of<ConfigError>([&] { set_option(options, "operators", "geometrc"); });
  EXPECT_NE(message.find("geometric"), std::string::npos) << message;
}

TEST(OptionsCheck, NamesOptionValueAndWhatWasExpected) {
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().queries(0).check(); }),
            "option queries: 0 is too small; expected a whole number of at least 1");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().minimise_queries(0).check(); }),
            "option minimise_queries: 0 is too small; expected a whole number of at least 1");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().l_inf(300).check(); }),
            "option l_inf: 300 makes no sense; expected grey levels, 0 to 255");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().rotate(-3).check(); }),
            "option rotate: -3 makes no sense; expected degrees, 0 to 180");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().batch(-3).check(); }),
            "option batch: -3 is too small; expected a whole number of at least 1");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().block(0).check(); }),
            "option block: 0 is too small; expected a whole number of at least 1");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().workers(-1).check(); }),
            "option workers: -1 makes no sense; expected 0 (one a core) to 1024");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().seconds(-1).check(); }),
            "option seconds: -1 makes no sense; expected seconds, 0 or more (0: no limit)");
  EXPECT_EQ(
      test::message_of<ConfigError>(
          [] { Options().seconds_per_seed(std::numeric_limits<double>::quiet_NaN()).check(); }),
      "option seconds_per_seed: nan makes no sense; expected seconds, 0 or more (0: no limit)");
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().operators({}).check(); }),
            "option operators: the set is empty; expected at least one mutation operator");
  const std::string strategy =
      test::message_of<ConfigError>([] { Options().strategy("dflar").check(); });
  EXPECT_NE(strategy.find("unknown strategy 'dflar'"), std::string::npos) << strategy;
}

std::string check_message(const Options& options) {
  return test::message_of<ConfigError>([&] { options.check(); });
}

TEST(OptionsCheck, RefusesRangesThatNothingUses) {
  EXPECT_EQ(check_message(Options().rotate(10).path(PathKind::blend)),
            "option rotate limits transformations, and path blend makes none; choose path "
            "transform, or leave rotate out");
  EXPECT_EQ(check_message(Options().shear(0.1).strategy("dflare")),
            "option shear limits transformations, and strategy dflare makes none; choose strategy "
            "boundary or random, or leave shear out");
  for (const PathKind path : {PathKind::blend, PathKind::gradient, PathKind::mutation}) {
    EXPECT_NO_THROW(Options().path(path).check());
    EXPECT_THROW(Options().path(path).brightness(1).check(), ConfigError);
    // Another strategy has no paths.
    EXPECT_NO_THROW(Options().path(path).brightness(1).strategy("random").check());
  }
  EXPECT_THROW(Options().translate(1).strategy("diffchaser").check(), ConfigError);
  EXPECT_NO_THROW(Options().translate(1).check());
  EXPECT_NO_THROW(Options().translate(1).path(PathKind::transform).check());
}

TEST(OptionsCheck, NamesTheRangeThatIsGiven) {
  for (const char* name :
       {"rotate", "translate", "translate_share", "scale", "shear", "contrast", "brightness"}) {
    Options options;
    options.strategy("dflare");
    set_option(options, name, "1");
    EXPECT_EQ(check_message(options).find(std::string("option ") + name + " limits"), 0U) << name;
  }
}

TEST(OptionsCheck, AllowsOwnStrategiesWithRanges) {
  register_strategy("options_test_own", [](const Options&) { return std::unique_ptr<Strategy>(); });
  EXPECT_NO_THROW(Options().strategy("options_test_own").path(PathKind::blend).rotate(3).check());
}

TEST(OptionsCheck, RefusesStrengthWhereThereIsNone) {
  const Options strength = Options().objective(Objective::closest).closest_by(Distance::strength);
  EXPECT_EQ(check_message(Options(strength).objective(Objective::first)),
            "option closest_by: strength says what objective closest makes small, and the "
            "objective is another; choose objective closest, or leave closest_by out");
  const std::string unknown =
      "option closest_by: strength is that of a transformation, and this search makes none whose "
      "strength it knows; choose strategy boundary with path transform, or closest_by l2 or l_inf";
  EXPECT_EQ(check_message(strength), unknown);
  EXPECT_EQ(check_message(Options(strength).path(PathKind::mutation)), unknown);
  EXPECT_EQ(check_message(Options(strength).strategy("random").rotate(3)), unknown);
  EXPECT_NO_THROW(Options(strength).rotate(3).check());
  EXPECT_NO_THROW(Options(strength).path(PathKind::transform).check());
}

TEST(OptionsCheck, RefusesMinimiseWhereItUndoesWhatWasAskedFor) {
  EXPECT_EQ(check_message(Options().minimise(true).scale(1.1)),
            "option minimise takes findings towards their seed inputs, where they are no "
            "transformations any more, and option scale asks for transformations; leave one of the "
            "two out");
  EXPECT_EQ(check_message(Options().minimise(true).objective(Objective::worst)),
            "option minimise would throw away how bad the deviation is that objective worst looks "
            "for; choose objective first or closest, or leave minimise out");
  EXPECT_NO_THROW(Options().minimise(true).objective(Objective::closest).check());
}

TEST(OptionsCheck, OfValuesAloneLeavesCombinationsOut) {
  EXPECT_NO_THROW(Options().closest_by(Distance::strength).check_values());
  EXPECT_THROW(Options().queries(0).check_values(), ConfigError);
}

TEST(ShortForms, AddToTheirGroups) {
  EXPECT_EQ(Options().criterion().text(), "label");
  EXPECT_EQ(Options().margin(0.2).criterion().text(), "margin >= 0.2");
  EXPECT_EQ(Options().regret(0.3).regret(0.2).criterion().text(), "regret >= 0.2");
  EXPECT_EQ(Options().margin(0.2).harmful().margin(0.3).criterion().text(),
            "margin >= 0.3 and harmful");
  EXPECT_EQ(Options()
                .top_k(3)
                .total_variation(0.5)
                .jensen_shannon(1.0 / 3)
                .targeted(3, 5)
                .criterion()
                .text(),
            "top_k = 3 and total_variation >= 0.5 and jensen_shannon >= 0.3333333333333333 and "
            "targeted = 3 5");
  const Options options = Options()
                              .l_inf(1)
                              .l2(2)
                              .changed_pixels(3)
                              .ssim(0.4)
                              .rotate(5)
                              .translate(6)
                              .translate_share(0.7)
                              .scale(1.8)
                              .shear(0.9)
                              .contrast(1.5)
                              .brightness(11);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"l_inf", "1"},
                                                                      {"l2", "2"},
                                                                      {"changed_pixels", "3"},
                                                                      {"ssim", "0.4"},
                                                                      {"rotate", "5"},
                                                                      {"translate", "6"},
                                                                      {"translate_share", "0.7"},
                                                                      {"scale", "1.8"},
                                                                      {"shear", "0.9"},
                                                                      {"contrast", "1.5"},
                                                                      {"brightness", "11"}})
    EXPECT_EQ(read_back(options, name), value);
}

TEST(ShortForms, RefuseConditionsThatMakeNoSense) {
  EXPECT_EQ(test::message_of<ConfigError>([] { Options().margin(2); }),
            "option criterion: 'margin >= 2' makes no sense; expected margin >= a number, in (0, "
            "1]");
  EXPECT_THROW(Options().regret(0), ConfigError);
  EXPECT_THROW(Options().top_k(0), ConfigError);
  EXPECT_THROW(Options().total_variation(0), ConfigError);
  EXPECT_THROW(Options().jensen_shannon(std::numeric_limits<double>::quiet_NaN()), ConfigError);
  EXPECT_THROW(Options().targeted(3, 3), ConfigError);
}

TEST(Everyday, IsAClearDisagreementOnWhatACameraCouldSee) {
  const Options options = everyday();
  EXPECT_NO_THROW(options.check());
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"strategy", "boundary"},
                                          {"path", "transform"},
                                          {"queries", "20"},
                                          {"criterion", "regret >= 0.2"},
                                          {"rotate", "10"},
                                          {"translate_share", "0.07142857142857142"},
                                          {"scale", "1.1"},
                                          {"contrast", "1.2"},
                                          {"brightness", "10"},
                                          {"shear", "none"},
                                          {"translate", "none"},
                                          {"objective", "first"},
                                          {"minimise", "false"},
                                          {"l_inf", "none"}})
    EXPECT_EQ(read_back(options, name), value) << name;
}

TEST(OptionsTable, CorpusTakesAFolderOrAMode) {
  Options options;
  set_option(options, "corpus", "corpus");
  set_option(options, "corpus", "search");
  EXPECT_EQ(options.corpus(), "corpus");
  EXPECT_EQ(options.corpus_mode(), CorpusMode::search);
  set_option(options, "corpus", "./search");
  EXPECT_EQ(options.corpus(), "./search");
}

}  // namespace
}  // namespace dflare
