#include "dflare/strategy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "dflare/error.hpp"
#include "search/options/strategy_facts.hpp"
#include "search/strategies/strategies.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

const std::map<std::string, BuiltInStrategy>& built_in() {
#define DFLARE_STRATEGY_ENTRY(name) {#name, name##_strategy()},
  static const std::map<std::string, BuiltInStrategy> strategies = {
      DFLARE_STRATEGIES(DFLARE_STRATEGY_ENTRY)};
#undef DFLARE_STRATEGY_ENTRY
  return strategies;
}

std::map<std::string, StrategyFactory>& registry() {
  static std::map<std::string, StrategyFactory> strategies = [] {
    std::map<std::string, StrategyFactory> all;
    for (const auto& [name, strategy] : built_in()) all.emplace(name, strategy.make);
    return all;
  }();
  return strategies;
}

}  // namespace

void register_strategy(const std::string& name, StrategyFactory factory) {
  if (name.empty() || !factory) throw ConfigError("a strategy needs a name and a factory");
  if (!registry().emplace(name, std::move(factory)).second) {
    throw ConfigError(
        fmt::format("a strategy named '{}' is registered already; choose another name", name));
  }
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const auto& entry : registry()) names.push_back(entry.first);
  return names;
}

std::vector<OptionRow> built_in_options() {
  std::vector<OptionRow> rows;
  for (const auto& entry : built_in())
    rows.insert(rows.end(), entry.second.options.begin(), entry.second.options.end());
  return rows;
}

bool may_transform(const std::string& strategy) {
  const auto found = built_in().find(strategy);
  return found == built_in().end() || found->second.transforms;
}

std::unique_ptr<Strategy> make_strategy(const Options& options) {
  const auto found = registry().find(options.strategy());
  if (found == registry().end())
    throw ConfigError(unknown_name("strategy", options.strategy(), strategy_names()));
  return found->second(options);
}

}  // namespace dflare
