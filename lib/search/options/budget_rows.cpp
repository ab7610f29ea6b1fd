#include <cmath>

#include "search/options/rows.hpp"

namespace dflare {
namespace {

using O = Options;

OptionRow seconds_row(const std::string& name, const std::string& meaning, Setter<double> setter,
                      Getter<double> getter) {
  OptionRow row =
      option_row<double>({name, meaning, OptionRole::search, heading::budgets},
                         number_kind<double>("seconds, 0 or more (0: no limit)"), setter, getter);
  row.check = [name, getter](const Options& o) {
    const double value = (o.*getter)();
    if (!(value >= 0) || std::isinf(value)) {
      throw ConfigError(fmt::format(
          "option {}: {} makes no sense; expected seconds, 0 or more (0: no limit)", name, value));
    }
  };
  return row;
}

OptionRow workers_row() {
  OptionRow row =
      option_row<int>({"workers", "Threads that search; changes no finding.", OptionRole::harness,
                       heading::budgets},
                      number_kind<int>("0 (one a core) to 1024"), &O::workers, &O::workers);
  row.check = [](const Options& o) {
    if (o.workers() < 0 || o.workers() > 1024) {
      throw ConfigError(fmt::format(
          "option workers: {} makes no sense; expected 0 (one a core) to 1024", o.workers()));
    }
  };
  return row;
}

}  // namespace

std::vector<OptionRow> budget_rows() {
  return {
      option_row<std::uint64_t>(
          {"queries_in_all", "Budget of queries, shared out evenly over the blocks of seed inputs.",
           OptionRole::search, heading::budgets},
          number_kind<std::uint64_t>("a whole number, 0 or more (0: no limit)"), &O::queries_in_all,
          &O::queries_in_all),
      seconds_row("seconds_per_seed",
                  "Budget of wall time for each seed input, which its block shares; what it ends "
                  "is not reproducible.",
                  &O::seconds_per_seed, &O::seconds_per_seed),
      seconds_row("seconds", "Budget of time in all; what it ends is not reproducible.",
                  &O::seconds, &O::seconds),
      workers_row(),
      count_row({"batch", "Images evaluated at once.", OptionRole::search, heading::budgets},
                &O::batch, &O::batch),
      count_row({"block", "Seed inputs that share their batches; what workers and shards take.",
                 OptionRole::search, heading::budgets},
                &O::block, &O::block),
  };
}

}  // namespace dflare
