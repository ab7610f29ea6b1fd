#include <algorithm>
#include <iterator>
#include <mutex>

#include "dflare/strategy.hpp"
#include "search/options/rows.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

/// As findings have had them so far; an option that is not named here comes after these.
const char* const known_order[] = {"strategy",
                                   "path",
                                   "queries",
                                   "rng_seed",
                                   "operators",
                                   "acceptance",
                                   "metropolis_hastings",
                                   "novelty",
                                   "misclassified",
                                   "unreadable",
                                   "accept_original",
                                   "batch",
                                   "block",
                                   "queries_in_all",
                                   "seconds_per_seed",
                                   "seconds",
                                   "workers",
                                   "require_complete",
                                   "out",
                                   "write_findings",
                                   "corpus",
                                   "corpus_mode",
                                   "update_corpus",
                                   "criterion",
                                   "objective",
                                   "closest_by",
                                   "l_inf",
                                   "l2",
                                   "changed_pixels",
                                   "ssim",
                                   "minimise",
                                   "minimise_queries",
                                   "rotate",
                                   "translate",
                                   "translate_share",
                                   "scale",
                                   "shear",
                                   "contrast",
                                   "brightness"};

std::ptrdiff_t place_of(const OptionRow& row) {
  return std::find(std::begin(known_order), std::end(known_order), row.name) - known_order;
}

std::vector<OptionRow> make_table() {
  std::vector<OptionRow> table;
  for (const auto& rows : {search_rows(), deviation_rows(), range_rows(), budget_rows(),
                           harness_rows(), strategy_options()})
    table.insert(table.end(), rows.begin(), rows.end());
  std::stable_sort(table.begin(), table.end(), [](const OptionRow& a, const OptionRow& b) {
    return place_of(a) < place_of(b);
  });
  return table;
}

/// Null where there is none.
const OptionRow* find_row(const std::string& name) {
  const auto& table = options_table();
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const OptionRow& r) { return r.name == name; });
  return row == table.end() ? nullptr : &*row;
}

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const OptionRow& row : options_table()) names.push_back(row.name);
  return names;
}

template <class Wanted>
OptionValues values_of(const Options& options, Wanted wanted) {
  OptionValues values;
  for (const OptionRow& row : options_table()) {
    const bool used = row.strategy.empty() || row.strategy == options.strategy();
    if (used && wanted(row)) values.emplace_back(row.name, row.get(options));
  }
  return values;
}

}  // namespace

bool changes_findings(const OptionRow& row) {
  switch (row.role) {
    case OptionRole::deviation:
    case OptionRole::goal:
    case OptionRole::search:
      return true;
    case OptionRole::examination:
    case OptionRole::harness:
      break;
  }
  return false;
}

const std::vector<OptionRow>& options_table() {
  static std::mutex mutex;
  static std::vector<OptionRow> table;
  static std::size_t registered = 0;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::size_t now = strategy_names().size() + MutationSet::names().size();
  if (now != registered) {
    table = make_table();
    registered = now;
  }
  return table;
}

OptionValues recorded_options(const Options& options) {
  return values_of(options, changes_findings);
}

OptionValues all_options(const Options& options) {
  return values_of(options, [](const OptionRow&) { return true; });
}

void set_option(Options& options, const std::string& name, const std::string& text) {
  if (const OptionRow* row = find_row(name)) return row->set(options, text);
  const std::vector<std::string> conditions = criterion_names();
  if (std::count(conditions.begin(), conditions.end(), name) > 0) {
    throw ConfigError(fmt::format(
        "unknown option '{0}': it is a condition of the option 'criterion', whose value is text "
        "such as \"regret >= 0.2\"",
        name));
  }
  throw ConfigError(unknown_name("option", name, option_names()));
}

Options& Options::set(const std::string& name, const std::string& text) {
  set_option(*this, name, text);
  return *this;
}

std::string Options::text(const std::string& name) const {
  if (const OptionRow* row = find_row(name)) return row->get(*this);
  throw ConfigError(unknown_name("option", name, option_names()));
}

double Options::number(const std::string& name) const {
  const std::string value = text(name);
  if (const auto number = number_in<double>(value)) return *number;
  throw ConfigError(fmt::format("option {}: '{}' is no number", name, value));
}

}  // namespace dflare
