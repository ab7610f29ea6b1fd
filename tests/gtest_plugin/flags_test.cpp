#include "flags/flags.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/algorithm/string/replace.hpp>
#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include "dflare/error.hpp"
#include "flags/unknown_variables.hpp"
#include "runner/help.hpp"
#include "support/files.hpp"

namespace {

using dflare::ConfigError;
using dflare::Options;
using dflare::gtest::Flags;
using dflare::gtest::parse_flags;
using dflare::gtest::Program;
using dflare::gtest::unknown_variables;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Sets a variable while it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

std::string error_of(const std::vector<std::string>& arguments, Program program = Program::runner) {
  try {
    parse_flags(arguments, program);
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Flags, BothFormsAreRead) {
  const Flags flags = parse_flags({"--dflare_out=a b", "--dflare_queries", "7"}, Program::runner);
  EXPECT_EQ(flags.get("out"), "a b");
  Options options;
  flags.apply(options);
  EXPECT_EQ(options.queries(), 7);
}

TEST(Flags, WhatIsNotGivenChangesNothing) {
  Options options;
  options.queries(5).strategy("random");
  parse_flags({}, Program::runner).apply(options);
  EXPECT_EQ(options.queries(), 5);
  EXPECT_EQ(options.strategy(), "random");
}

TEST(Flags, EveryOptionOfTheTableIsAFlag) {
  for (const dflare::OptionRow& row : dflare::options_table()) {
    const std::string value = row.name == "out" || row.name == "corpus" ? "x" : row.get(Options());
    EXPECT_EQ(parse_flags({"--dflare_" + row.name + "=" + value}, Program::runner).get(row.name),
              value)
        << row.name;
  }
}

TEST(Flags, AreCheckedOneByOneForOthersMayJoinThem) {
  // Together with the default path this makes sense only where a manifest says path transform.
  EXPECT_EQ(error_of({"--dflare_closest_by=strength", "--dflare_strategy=random"}), "no error");
  EXPECT_EQ(error_of({"--dflare_strategy=dflare", "--dflare_rotate=10"}), "no error");
  EXPECT_THAT(error_of({"--dflare_rotate=500"}), HasSubstr("flag --dflare_rotate"));
}

TEST(Flags, TheEnvironmentCountsAndTheCommandLineGoesBeforeIt) {
  const Variable queries("DFLARE_QUERIES", "3"), strategy("DFLARE_STRATEGY", "random");
  Options options;
  parse_flags({"--dflare_queries=4"}, Program::user_tests).apply(options);
  EXPECT_EQ(options.queries(), 4);
  EXPECT_EQ(options.strategy(), "random");
}

TEST(Flags, TheLastOfTwoCounts) {
  EXPECT_EQ(parse_flags({"--dflare_out=a", "--dflare_out=b"}, Program::runner).get("out"), "b");
}

TEST(Flags, OtherArgumentsAreLeft) {
  EXPECT_THAT(parse_flags({"m.yaml", "--dflare_out=a", "n.yaml"}, Program::runner).rest(),
              ElementsAre("m.yaml", "n.yaml"));
  EXPECT_THAT(parse_flags({"x", "--dflare_out=a", "--mine=1"}, Program::user_tests).rest(),
              ElementsAre("x", "--mine=1"));
}

TEST(Flags, MistakesAreErrorsThatTeach) {
  EXPECT_EQ(error_of({"--dflare_querys=4"}),
            "unknown flag --dflare_querys; did you mean --dflare_queries? dflare-test --help lists "
            "all");
  EXPECT_EQ(error_of({"--dflare_querys=4"}, Program::user_tests),
            "unknown flag --dflare_querys; did you mean --dflare_queries? --help lists all");
  EXPECT_EQ(error_of({"-dflare_out=4"}),
            "unknown flag -dflare_out; did you mean --dflare_out? dflare-test --help lists all");
  EXPECT_EQ(error_of({"--dflare-out=4"}),
            "unknown flag --dflare-out; did you mean --dflare_out? dflare-test --help lists all");
  EXPECT_EQ(error_of({"--dflare_something_else=4"}),
            "unknown flag --dflare_something_else; dflare-test --help lists all");
  EXPECT_THAT(
      error_of({"--dflare_out="}),
      HasSubstr(
          "flag --dflare_out (or variable DFLARE_OUT): the value is empty; expected a FOLDER"));
  EXPECT_THAT(error_of({"--dflare_out"}),
              HasSubstr("--dflare_out: 1 required FOLDER missing; expected --dflare_x=VALUE"));
  EXPECT_THAT(error_of({"--dflare_queries=many"}),
              HasSubstr("flag --dflare_queries (or variable DFLARE_QUERIES): option queries: "
                        "'many' makes no sense"));
  EXPECT_THAT(error_of({"--dflare_queries=0"}), HasSubstr("option queries: 0 is too small"));
  EXPECT_THAT(error_of({"--dflare_strategy=dflar"}), HasSubstr("did you mean 'dflare'"));
  EXPECT_THAT(error_of({"--dflare_progress=perhaps"}),
              HasSubstr("'perhaps' makes no sense; expected auto or on or off"));
  EXPECT_THAT(error_of({"--gtest_filtr=x"}), HasSubstr("GoogleTest knows no flag --gtest_filtr=x"));
}

TEST(Flags, DflareTestHasNoOthers) {
  EXPECT_EQ(error_of({"m.yaml", "--queries=4"}),
            "unknown flag --queries; did you mean --dflare_queries? dflare-test --help lists all");
  EXPECT_EQ(error_of({"m.yaml", "--queries=4"}, Program::user_tests), "no error");
}

TEST(Flags, ASwitchNeedsNoValueAndTakesNoArgument) {
  const Flags flags = parse_flags({"--dflare_examine", "m.yaml"}, Program::runner);
  EXPECT_EQ(flags.get("examine"), "true");
  EXPECT_THAT(flags.rest(), ElementsAre("m.yaml"));
  EXPECT_EQ(parse_flags({"--dflare_examine=false"}, Program::runner).get("examine"), "false");
  EXPECT_EQ(parse_flags({}, Program::runner).get("examine"), std::nullopt);
  for (const char* wrong : {"--dflare_examine=perhaps", "--dflare_examine="})
    EXPECT_THAT(error_of({wrong}), HasSubstr("' makes no sense; expected true or false"));
  const Variable examine("DFLARE_EXAMINE", "true");
  EXPECT_EQ(parse_flags({}, Program::runner).get("examine"), "true");
}

TEST(Flags, AMistakeInTheEnvironmentIsAnErrorToo) {
  const Variable queries("DFLARE_QUERIES", "many");
  EXPECT_THAT(error_of({}), HasSubstr("variable DFLARE_QUERIES): option queries: 'many'"));
}

TEST(Flags, ThoseOfTheRunnerAreRefusedElsewhere) {
  EXPECT_THAT(error_of({"--dflare_json=x"}, Program::user_tests),
              HasSubstr("flag --dflare_json is one of dflare-test only"));
  EXPECT_EQ(error_of({"--dflare_json=x"}, Program::runner), "no error");
}

/// Where a table of Markdown holds it.
std::string in_table(const std::string& text) {
  return boost::algorithm::replace_all_copy(text, "|", "\\|");
}

TEST(Flags, TheDocumentOfManifestsListsEveryOption) {
  const std::string document = dflare::read_file(DFLARE_SOURCE_TREE "/docs/manifest.md");
  for (const auto& row : dflare::gtest::flag_table()) {
    if (!row.is_option) continue;
    EXPECT_THAT(document, HasSubstr("| `" + row.name + "` | " + in_table(row.value) + " | " +
                                    row.default_text + " | " + in_table(row.meaning) + " |"))
        << "docs/manifest.md lacks this row, or it says something else";
  }
}

/// docs/flags.md, as it has to be.
std::string flags_document() {
  std::string text =
      "# Flags and environment variables\n\n"
      "Of `dflare-test`, and of test programs with `dflare::gtest_main` but for those that say "
      "dflare-test.\n"
      "A flag goes before its variable, and both go before manifests and code.\n"
      "A variable `DFLARE_...` that is not known is a warning.\n"
      "Written by a test from the table that reads them.\n";
  std::string group;
  for (const auto& row : dflare::gtest::flag_table()) {
    if (row.group != group)
      text += fmt::format(
          "\n## {}\n\n| flag | variable | values | default | meaning |\n| --- | --- | --- | --- | "
          "--- |\n",
          row.group);
    group = row.group;
    text += fmt::format("| `--dflare_{}` | `{}` | {} | {} | {}{} |\n", row.name,
                        dflare::gtest::flag_variable(row.name), in_table(row.value),
                        row.default_text.empty() ? "none" : row.default_text, in_table(row.meaning),
                        row.runner_only ? " dflare-test only." : "");
  }
  return text +
         "\nGoogleTest's own flags and variables work too:\n"
         "`--gtest_filter`, `--gtest_output`, `GTEST_TOTAL_SHARDS`, ... (`--gtest_help`).\n";
}

TEST(Flags, TheirDocumentIsOfThisTable) {
  const std::string written = ::testing::TempDir() + "flags.md";
  dflare::write_atomically(written, flags_document());
  EXPECT_EQ(dflare::read_file(DFLARE_SOURCE_TREE "/docs/flags.md"), flags_document())
      << "copy " << written << " to docs/flags.md";
}

TEST(Flags, HelpListsThemAllInTheirGroups) {
  const std::string all = dflare::gtest::flags_help(Program::runner);
  std::size_t position = 0;
  std::string group;
  for (const auto& row : dflare::gtest::flag_table()) {
    if (row.group != group) {
      position = all.find("\n" + row.group + "\n", position);
      ASSERT_NE(position, std::string::npos) << row.group;
    }
    group = row.group;
    position = all.find("\n  --dflare_" + row.name, position);
    ASSERT_NE(position, std::string::npos) << row.name;
  }
  EXPECT_EQ(group, "Switches of the paper's strategy");
  EXPECT_THAT(dflare::gtest::flags_help(Program::user_tests),
              ::testing::Not(HasSubstr("--dflare_json")));
}

TEST(Flags, HelpSaysWhatIsExpected) {
  const std::string all = dflare::gtest::flags_help(Program::runner);
  EXPECT_THAT(all, HasSubstr("  --dflare_examine\n"));
  EXPECT_THAT(all,
              HasSubstr("  --dflare_out=FOLDER\n"
                        "      Where findings are written, one folder a test or pair. Default:\n"
                        "      dflare-findings\n"));
  EXPECT_THAT(all, HasSubstr("  --dflare_batch=VALUE\n"
                             "      Images evaluated at once. Values: a whole number, at least 1. "
                             "Default: 32\n"));
}

TEST(Flags, HelpIsNoWiderThanATerminal) {
  std::istringstream all(dflare::gtest::flags_help(Program::runner));
  for (std::string line; std::getline(all, line);) EXPECT_LE(line.size(), 80U) << line;
  std::istringstream whole(dflare::gtest::help_text());
  for (std::string line; std::getline(whole, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Variables, UnknownOnesAreNamedWithTheNearest) {
  EXPECT_THAT(unknown_variables(""), ::testing::IsEmpty());
  const Variable misspelt("DFLARE_QUERYS", "5"), unlike("DFLARE_SOMETHING_ELSE", "5");
  EXPECT_THAT(unknown_variables(""),
              ::testing::UnorderedElementsAre(
                  "warning: dflare reads no environment variable DFLARE_QUERYS; did you mean "
                  "DFLARE_QUERIES?",
                  "warning: dflare reads no environment variable DFLARE_SOMETHING_ELSE"));
}

TEST(Variables, ThoseOfAManifestAreItsOwn) {
  const Variable models("DFLARE_MODELS", "/models");
  EXPECT_THAT(unknown_variables("original: ${DFLARE_MODELS}/a.pt"), ::testing::IsEmpty());
  EXPECT_THAT(unknown_variables("original: a.pt"), ::testing::SizeIs(1));
}

TEST(Variables, ThoseThatAreDocumentedAreKnown) {
  std::set<std::string> documented;
  for (const char* file : {"README.md", "docs/building.md", "docs/ci.md", "docs/corpus.md",
                           "docs/flags.md", "docs/manifest.md", "docs/process.md"}) {
    const std::string text = dflare::read_file(std::string(DFLARE_SOURCE_TREE "/") + file);
    static const std::regex name("DFLARE_[A-Z0-9_]*[A-Z0-9]");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), name);
         it != std::sregex_iterator(); ++it)
      documented.insert(it->str());
  }
  EXPECT_THAT(documented, ::testing::IsSupersetOf({"DFLARE_QUERIES", "DFLARE_HOST"}));
  for (const std::string& name : documented) {
    if (std::getenv(name.c_str()) != nullptr) continue;
    const Variable set(name.c_str(), "x");
    EXPECT_THAT(unknown_variables(""), ::testing::IsEmpty()) << name;
  }
}

}  // namespace
