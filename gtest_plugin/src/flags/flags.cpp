#include "flags/flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <mutex>
#include <regex>

#include "dflare/error.hpp"
#include "support/names.hpp"
#include "support/regex_text.hpp"

namespace dflare::gtest {
namespace {

void require_one_of(const std::string& text, const std::vector<std::string>& words) {
  if (std::count(words.begin(), words.end(), text) > 0) return;
  throw ConfigError(
      fmt::format("'{}' makes no sense; expected {}", text, fmt::join(words, " or ")));
}

void check_value(const FlagRow& row, const std::string& text) {
  try {
    if (row.is_option) {
      Options scratch;
      set_option(scratch, row.name, text);
      scratch.check_values();
    } else if (row.name == "progress") {
      require_one_of(text, {"auto", "on", "off"});
    } else if (row.is_switch) {
      require_one_of(text, {"true", "false"});
    } else if (text.empty()) {
      throw ConfigError("the value is empty; expected a " + row.value);
    }
  } catch (const ConfigError& e) {
    throw ConfigError(fmt::format("flag {}{} (or variable {}): {}", flag_prefix, row.name,
                                  flag_variable(row.name), e.what()));
  }
}

[[noreturn]] void refuse(const std::string& flag, Program program) {
  std::vector<std::string> known;
  for (const FlagRow& row : flag_table()) {
    const bool elsewhere = row.runner_only && program == Program::user_tests;
    if (elsewhere && flag_prefix + row.name == flag) {
      throw ConfigError(fmt::format(
          "flag {} is one of dflare-test only; this program runs tests of its own", flag));
    }
    if (!elsewhere) known.push_back(row.name);
  }
  static const std::regex before_the_name("^-+(dflare[-_]?)?");
  const std::string nearest =
      nearest_name(std::regex_replace(start_for_regex(flag), before_the_name, ""), known);
  throw ConfigError(
      fmt::format("unknown flag {}; {}{} lists all", flag,
                  nearest.empty() ? "" : fmt::format("did you mean {}{}? ", flag_prefix, nearest),
                  program == Program::runner ? "dflare-test --help" : "--help"));
}

/// Other arguments of a test program are its own; dflare-test has no flags but these.
void refuse_unknown(const std::vector<std::string>& rest, Program program) {
  for (const std::string& argument : rest) {
    const std::string name = argument.substr(0, argument.find('='));
    const std::string bare = boost::algorithm::trim_left_copy_if(name, boost::is_any_of("-"));
    if (bare == name) continue;
    // GoogleTest only prints its help for these, and runs no test.
    if (boost::starts_with(bare, "gtest")) {
      throw ConfigError(fmt::format(
          "GoogleTest knows no flag {}, or its value makes no sense: see --gtest_help", argument));
    }
    if (boost::starts_with(bare, "dflare") || program == Program::runner) refuse(name, program);
  }
}

std::mutex current_mutex;
std::optional<Flags> current;

}  // namespace

std::optional<std::string> Flags::get(const std::string& name) const {
  const auto it = values_.find(name);
  if (it == values_.end()) return std::nullopt;
  return it->second;
}

void Flags::apply(Options& options) const {
  for (const FlagRow& row : flag_table()) {
    if (!row.is_option) continue;
    if (const auto text = get(row.name)) set_option(options, row.name, *text);
  }
}

Flags parse_flags(std::vector<std::string> arguments, Program program) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string, std::string> texts;
  std::vector<std::pair<const FlagRow*, CLI::Option*>> options;
  const std::vector<FlagRow> table = flag_table();
  for (const FlagRow& row : table) {
    if (row.runner_only && program == Program::user_tests) continue;
    const std::string flag = flag_prefix + row.name;
    // CLI11 would take the next argument for the missing value.
    if (std::count(arguments.begin(), arguments.end(), flag + "=") > 0) check_value(row, "");
    CLI::Option* const option =
        row.is_switch ? app.add_flag(flag, texts[row.name]) : app.add_option(flag, texts[row.name]);
    option->envname(flag_variable(row.name))->take_last()->type_name(row.value);
    options.emplace_back(&row, option);
  }
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& e) {
    throw ConfigError(fmt::format("{}; expected --dflare_x=VALUE or --dflare_x VALUE", e.what()));
  }

  Flags flags;
  flags.rest_ = app.remaining();
  refuse_unknown(flags.rest_, program);
  for (const auto& [row, option] : options) {
    if (option->count() == 0) continue;
    check_value(*row, texts[row->name]);
    flags.values_[row->name] = texts[row->name];
  }
  return flags;
}

const Flags& flags() {
  const std::lock_guard<std::mutex> lock(current_mutex);
  if (!current) current = parse_flags({}, Program::user_tests);
  return *current;
}

void set_flags(Flags flags) {
  const std::lock_guard<std::mutex> lock(current_mutex);
  current = std::move(flags);
}

}  // namespace dflare::gtest
