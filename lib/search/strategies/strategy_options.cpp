#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"
#include "dflare/strategy.hpp"
#include "search/options/strategy_facts.hpp"
#include "search/strategies/strategies.hpp"

namespace dflare {
namespace {

std::vector<OptionRow>& registered_options() {
  static std::vector<OptionRow> rows;
  return rows;
}

ConfigError wrong_option(const std::string& strategy, const std::string& name,
                         const std::string& what) {
  return ConfigError(fmt::format("option '{}' of strategy '{}': {}", name, strategy, what));
}

/// A flag and a variable are named after it.
bool can_be_a_name(const std::string& name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

template <class Rows>
bool has(const Rows& rows, const std::string& name) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const OptionRow& row) { return row.name == name; });
}

void check_rows(const std::string& strategy, const std::vector<OptionRow>& rows) {
  const std::vector<std::string> conditions = criterion_names();
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    if (!can_be_a_name(row->name)) {
      throw wrong_option(
          strategy, row->name,
          "expected a name of small letters, digits and _ that begins with a letter");
    }
    if (has(options_table(), row->name) ||
        std::count(conditions.begin(), conditions.end(), row->name) > 0 ||
        std::any_of(rows.begin(), row, [&](const OptionRow& r) { return r.name == row->name; }))
      throw wrong_option(strategy, row->name, "the name is taken; choose another one");
    if (!row->set || !row->get || row->meaning.empty() || row->values.empty())
      throw wrong_option(strategy, row->name,
                         "expected what sets it and gives its value, its values and its meaning");
  }
}

}  // namespace

void register_strategy(const std::string& name, std::vector<OptionRow> options,
                       StrategyFactory factory) {
  check_rows(name, options);
  register_strategy(name, std::move(factory));
  for (OptionRow& row : options) {
    row.strategy = name;
    row.heading = "Options of strategy " + name;
    registered_options().push_back(std::move(row));
  }
}

std::vector<OptionRow> strategy_options() {
  std::vector<OptionRow> all;
  for (const auto& rows : {built_in_options(), registered_options()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

}  // namespace dflare
