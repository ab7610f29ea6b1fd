#include "dflare/options.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "dflare/error.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

TEST(OptionsTable, EveryOptionIsSetFromTextAndReadBack) {
  const std::map<std::string, std::string> other = {{"strategy", "random"},
                                                    {"queries", "7"},
                                                    {"rng_seed", "18446744073709551615"},
                                                    {"operators", "geometric"},
                                                    {"acceptance", "published"},
                                                    {"metropolis_hastings", "false"},
                                                    {"novelty", "false"},
                                                    {"misclassified", "skip"},
                                                    {"unreadable", "skip"},
                                                    {"batch", "3"},
                                                    {"block", "5"},
                                                    {"queries_in_all", "99"},
                                                    {"seconds_per_seed", "0.5"},
                                                    {"seconds", "2.25"},
                                                    {"workers", "2"},
                                                    {"require_complete", "true"},
                                                    {"out", "some/folder"},
                                                    {"write_findings", "false"}};
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

TEST(OptionsTable, NamesOwnOperatorsOneByOne) {
  MutationSet own;
  own.add("mirror", [](const Image& image, Random&) { return image; });
  Options options;
  options.operators(own);
  for (const OptionRow& row : options_table()) {
    if (row.name == "operators") {
      EXPECT_EQ(row.get(options), "mirror");
    }
  }
}

TEST(SetOption, NamesTheNearestOption) {
  Options options;
  const std::string message =
      test::message_of<ConfigError>([&] { set_option(options, "querys", "5"); });
  EXPECT_NE(message.find("unknown option 'querys'"), std::string::npos) << message;
  EXPECT_NE(message.find("queries"), std::string::npos) << message;
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
                                                        {"seconds", "soon"}}) {
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

}  // namespace
}  // namespace dflare
