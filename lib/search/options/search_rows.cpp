#include <algorithm>

#include "dflare/strategy.hpp"
#include "judging/goal.hpp"
#include "search/options/rows.hpp"
#include "search/options/strategy_facts.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

using O = Options;

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : " | ") + name;
  return list;
}

void check_strategy_is_known(const Options& options) {
  const auto known = strategy_names();
  if (std::find(known.begin(), known.end(), options.strategy()) == known.end())
    throw ConfigError(unknown_name("strategy", options.strategy(), known));
}

void check_ranges_are_used(const Options& options) {
  if (!options.ranges().any()) return;
  const std::string& strategy = options.strategy();
  const PathKind path = options.path();
  if (!may_transform(strategy)) {
    throw ConfigError(
        fmt::format("option {0} limits transformations, and strategy {1} makes none; choose "
                    "strategy boundary or random, or leave {0} out",
                    given_range(options), strategy));
  }
  if (strategy == "boundary" && path != PathKind::automatic && path != PathKind::transform) {
    throw ConfigError(
        fmt::format("option {0} limits transformations, and path {1} makes none; choose path "
                    "transform, or leave {0} out",
                    given_range(options), options.text("path")));
  }
}

OptionRow strategy_row() {
  OptionRow row = option_row<std::string>(
      {"strategy", "The rule that the search from a seed input follows.", OptionRole::search,
       heading::searched},
      text_kind("the name of a strategy: " + joined(strategy_names())), &O::strategy, &O::strategy);
  row.check = check_strategy_is_known;
  row.check_with_others = check_ranges_are_used;
  return row;
}

/// Whether the sets have the same operators; `alike` says which are the same.
template <class Alike>
bool same_set(const MutationSet& a, const MutationSet& b, Alike alike) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) same = alike(a[i], b[i]);
  return same;
}

std::string name_of_set(const MutationSet& set) {
  using Operator = MutationOperator;
  // A registered set may have operators of the names of others.
  for (const std::string& name : MutationSet::names()) {
    if (same_set(MutationSet::named(name), set,
                 [](const Operator& a, const Operator& b) { return &a == &b; }))
      return name;
  }
  std::string list;
  for (std::size_t i = 0; i < set.size(); ++i) list += (i == 0 ? "" : ", ") + set[i].name;
  for (const std::string& name : MutationSet::names()) {
    if (same_set(MutationSet::named(name), set,
                 [](const Operator& a, const Operator& b) { return a.name == b.name; }))
      return name;
  }
  return list;
}

OptionRow operators_row() {
  OptionRow row = {
      "operators",
      joined(MutationSet::names()),
      "The set of mutation operators; `boundary` uses it on path mutation and when it climbs.",
      OptionRole::search,
      heading::searched,
      [](Options& o, const std::string& text) { o.operators(MutationSet::named(text)); },
      [](const Options& o) { return name_of_set(o.operators()); }};
  row.check = [](const Options& o) {
    if (o.operators().size() == 0) {
      throw ConfigError(
          "option operators: the set is empty; expected at least one mutation operator");
    }
  };
  return row;
}

void check_minimise(const Options& options) {
  if (!options.minimise()) return;
  if (options.ranges().any()) {
    throw ConfigError(
        fmt::format("option minimise takes findings towards their seed inputs, where they are no "
                    "transformations any more, and option {} asks for transformations; leave one "
                    "of the two out",
                    given_range(options)));
  }
  if (row_of(options.objective()).by_severity) {
    throw ConfigError(
        "option minimise would throw away how bad the deviation is that objective worst looks for; "
        "choose objective first or closest, or leave minimise out");
  }
}

OptionRow minimise_row() {
  OptionRow row =
      truth_row({"minimise",
                 "Whether findings are then taken towards their seed inputs while they remain "
                 "deviations.",
                 OptionRole::search, heading::searched},
                &O::minimise, &O::minimise);
  row.check_with_others = check_minimise;
  return row;
}

}  // namespace

std::vector<OptionRow> search_rows() {
  return {
      strategy_row(),
      count_row({"queries",
                 "A strategy's own limit of queries for each seed input; after it the seed is "
                 "'not found'.",
                 OptionRole::search, heading::searched},
                &O::queries, &O::queries),
      option_row<std::uint64_t>({"rng_seed", "Other values give other random mutants.",
                                 OptionRole::search, heading::searched},
                                number_kind<std::uint64_t>("a whole number, 0 or more"),
                                &O::rng_seed, &O::rng_seed),
      operators_row(),
      option_row<Misclassified>(
          {"misclassified", "What to do with seed inputs whose known label the original misses.",
           OptionRole::search, heading::counted},
          choice_kind<Misclassified>(
              {{"keep", Misclassified::keep}, {"skip", Misclassified::skip}}),
          &O::misclassified, &O::misclassified),
      option_row<Unreadable>(
          {"unreadable", "What to do with seed images that cannot be read.", OptionRole::search,
           heading::counted},
          choice_kind<Unreadable>({{"error", Unreadable::error}, {"skip", Unreadable::skip}}),
          &O::unreadable, &O::unreadable),
      truth_row({"accept_original",
                 "Whether an original that the examination takes for broken (one class for all "
                 "seed inputs, right no more often than chance) is meant so.",
                 OptionRole::examination, heading::counted},
                &O::accept_original, &O::accept_original),
      minimise_row(),
      count_row({"minimise_queries", "Limit of queries for each finding that `minimise` takes on.",
                 OptionRole::search, heading::searched},
                &O::minimise_queries, &O::minimise_queries),
  };
}

}  // namespace dflare
