#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <utility>

#include "dflare/error.hpp"
#include "flags/flags.hpp"

namespace dflare::gtest {
namespace {

const char* const of_findings = "What to write";
const char* const instead = "Instead of testing";

FlagRow runner_row(const std::string& name, const std::string& value, const std::string& meaning,
                   const std::string& group) {
  return {name, value, meaning, "none", true, false, false, group};
}

FlagRow runner_switch(const std::string& name, const std::string& meaning) {
  return {name, "true | false", meaning, "false", true, false, true, instead};
}

/// The flags that are no options. Whatever has the name of an option stands for it.
std::vector<FlagRow> own_rows() {
  return {
      runner_switch("examine",
                    "Only looks at each pair (what its scores are, whether it answers twice alike, "
                    "whether the original works on the seed inputs) and says what it saw."),
      runner_row(
          "replay", "FOLDER",
          "Evaluates a finding again, or all findings below a folder, instead of running tests: on "
          "the models of the manifest's pair that has those of the finding, or on files given.",
          instead),
      runner_row(
          "original", "FILE",
          "With --dflare_replay: the original to use, instead of the manifest's where there is "
          "one.",
          instead),
      runner_row("compressed", "FILE",
                 "With --dflare_replay: the compressed model to use, likewise.", instead),
      runner_switch(
          "trust_recorded",
          "With --dflare_replay: runs whatever the finding names, programs and servers too, with "
          "your rights, environment and tokens. Only for findings of your own."),
      {"out", "FOLDER", "Where findings are written, one folder a test or pair.", "dflare-findings",
       false, false, false, of_findings},
      runner_row("json", "FILE",
                 "Writes all results, a row a pair. Shards add .shard_1_of_2 to the name.",
                 of_findings),
      runner_row(
          "report", "FILE",
          "Writes an HTML report of all pairs and their findings. Shards add to its name likewise.",
          of_findings),
      {"progress", "auto | on | off",
       "Progress on standard error: auto redraws a line on a terminal, else adds one every 30 s.",
       "auto", false, false, false, of_findings},
  };
}

struct Group {
  std::string heading;
  std::vector<std::string> first;  ///< flags in their order; the others of the heading follow
};

std::vector<Group> groups() {
  return {
      {"What to search",
       {"queries",
        "rotate",
        "translate",
        "translate_share",
        "scale",
        "shear",
        "contrast",
        "brightness",
        "strategy",
        "path",
        "operators",
        "objective",
        "closest_by",
        "l_inf",
        "l2",
        "changed_pixels",
        "ssim",
        "minimise",
        "minimise_queries",
        "rng_seed"}},
      {"What counts",
       {"criterion", "misclassified", "unreadable", "accept_original", "require_complete"}},
      {"What to write", {"out", "write_findings", "json", "report", "progress"}},
      {"Corpus", {}},
      {"Instead of testing", {}},
      {"Budgets and machine",
       {"queries_in_all", "seconds_per_seed", "seconds", "workers", "batch", "block"}},
      {"Switches of the paper's strategy", {}},
  };
}

std::vector<FlagRow> all_rows() {
  std::vector<FlagRow> rows = own_rows();
  const Options defaults;
  for (const OptionRow& option : options_table()) {
    const bool known = std::any_of(rows.begin(), rows.end(),
                                   [&](const FlagRow& row) { return row.name == option.name; });
    if (known && !option.strategy.empty()) {
      throw ConfigError(fmt::format(
          "option '{0}' of strategy '{1}' would have the flag {2}{0}, which is dflare's "
          "own; choose another name",
          option.name, option.strategy, flag_prefix));
    }
    if (known) continue;
    rows.push_back({option.name, option.values, option.meaning, option.get(defaults), false, true,
                    false, option.heading});
  }
  return rows;
}

}  // namespace

std::vector<FlagRow> flag_table() {
  std::vector<FlagRow> rows = all_rows();
  const std::vector<Group> order = groups();
  const auto place = [&order](const FlagRow& row) {
    const auto group = std::find_if(order.begin(), order.end(),
                                    [&](const Group& g) { return g.heading == row.group; });
    if (group == order.end()) return std::pair(order.size(), std::size_t{0});
    const auto named = std::find(group->first.begin(), group->first.end(), row.name);
    return std::pair(static_cast<std::size_t>(group - order.begin()),
                     static_cast<std::size_t>(named - group->first.begin()));
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const FlagRow& a, const FlagRow& b) { return place(a) < place(b); });
  return rows;
}

std::string flag_variable(const std::string& name) {
  return "DFLARE_" + boost::algorithm::to_upper_copy(name);
}

}  // namespace dflare::gtest
