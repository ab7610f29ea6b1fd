#include "dflare/strategy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "dflare/error.hpp"
#include "search/strategies/strategies.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

std::map<std::string, StrategyFactory>& registry() {
  static std::map<std::string, StrategyFactory> strategies = {
      {"boundary", make_boundary_strategy},
      {"dflare", make_dflare_strategy},
      {"diffchaser", make_diffchaser_strategy},
      {"random", make_random_strategy},
  };
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

std::unique_ptr<Strategy> make_strategy(const Options& options) {
  const auto found = registry().find(options.strategy());
  if (found == registry().end())
    throw ConfigError(unknown_name("strategy", options.strategy(), strategy_names()));
  return found->second(options);
}

}  // namespace dflare
