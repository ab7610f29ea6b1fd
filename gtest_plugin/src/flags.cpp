#include "flags.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <mutex>

#include "dflare/error.hpp"
#include "support/names.hpp"

namespace dflare::gtest {
namespace {

const char* const prefix = "--dflare_";

std::string variable(const std::string& name) {
  return "DFLARE_" + boost::algorithm::to_upper_copy(name);
}

std::vector<FlagRow> make_table() {
  std::vector<FlagRow> rows = {
      {"out", "FOLDER", "Where findings are written, one folder a test or pair.", "dflare"},
      {"json", "FILE", "Writes all results, a row a pair. Shards add .shard_1_of_2 to the name.",
       "none", true},
      {"report", "FILE",
       "Writes an HTML report of all pairs and their findings. Shards add to its name likewise.",
       "none", true},
      {"replay", "FOLDER",
       "Evaluates a finding again, or all findings below a folder, instead of running tests.",
       "none", true},
      {"original", "FILE", "With --dflare_replay: the original to use instead of the recorded one.",
       "none", true},
      {"compressed", "FILE", "With --dflare_replay: the compressed model to use instead.", "none",
       true},
      {"progress", "auto | on | off",
       "Progress on standard error: auto redraws a line on a terminal, else adds one every 30 s.",
       "auto"},
  };
  const Options defaults;
  for (const OptionRow& option : options_table()) {
    const bool known = std::any_of(rows.begin(), rows.end(),
                                   [&](const FlagRow& row) { return row.name == option.name; });
    if (known) continue;
    rows.push_back({option.name, option.values, option.meaning, option.get(defaults), false, true});
  }
  return rows;
}

void check_value(const FlagRow& row, const std::string& text) {
  try {
    if (row.is_option) {
      Options scratch;
      set_option(scratch, row.name, text);
      scratch.check_values();
    } else if (row.name == "progress" && text != "auto" && text != "on" && text != "off") {
      throw ConfigError(fmt::format("'{}' makes no sense; expected auto, on or off", text));
    } else if (text.empty()) {
      throw ConfigError("the value is empty; expected a " + row.value);
    }
  } catch (const ConfigError& e) {
    throw ConfigError(fmt::format("flag {}{} (or variable {}): {}", prefix, row.name,
                                  variable(row.name), e.what()));
  }
}

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
    if (!boost::starts_with(bare, "dflare")) continue;
    std::vector<std::string> known;
    bool elsewhere = false;
    for (const FlagRow& row : flag_table()) {
      if (row.runner_only && program == Program::user_tests) {
        elsewhere |= prefix + row.name == name;
      } else {
        known.push_back(prefix + row.name);
      }
    }
    if (elsewhere)
      throw ConfigError(fmt::format(
          "flag {} is one of dflare-test only; this program runs tests of its own", name));
    throw ConfigError(unknown_name("flag", name, known));
  }
}

std::mutex current_mutex;
std::optional<Flags> current;

}  // namespace

const std::vector<FlagRow>& flag_table() {
  static const std::vector<FlagRow> table = make_table();
  return table;
}

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
  for (const FlagRow& row : flag_table()) {
    if (row.runner_only && program == Program::user_tests) continue;
    // CLI11 would take the next argument for the missing value.
    for (const std::string& argument : arguments) {
      if (argument == prefix + row.name + "=")
        check_value({row.name, row.value, "", "", false, false}, "");
    }
    options.emplace_back(&row, app.add_option(prefix + row.name, texts[row.name])
                                   ->envname(variable(row.name))
                                   ->take_last()
                                   ->type_name(row.value));
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

std::string flags_help(Program program) {
  std::string text;
  for (const FlagRow& row : flag_table()) {
    if (row.runner_only && program == Program::user_tests) continue;
    text += fmt::format("  {}{}=VALUE  ({})\n      {} Default: {}\n", prefix, row.name, row.value,
                        row.meaning, row.default_text.empty() ? "none" : row.default_text);
  }
  return text;
}

}  // namespace dflare::gtest
