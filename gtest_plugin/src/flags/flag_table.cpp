#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <stdexcept>

#include "flags/flags.hpp"

namespace dflare::gtest {
namespace {

/// The flags that are no options. Whatever has the name of an option stands for it.
std::vector<FlagRow> own_rows() {
  FlagRow examine = {"examine", "true | false",
                     "Only looks at each pair (what its scores are, whether it answers twice "
                     "alike, whether the original works on the seed inputs) and says what it saw.",
                     "false", true};
  examine.is_switch = true;
  FlagRow trust = {"trust_recorded", "true | false",
                   "With --dflare_replay: runs whatever the finding names, programs and servers "
                   "too, with your rights, environment and tokens. Only for findings of your own.",
                   "false", true};
  trust.is_switch = true;
  return {
      examine,
      {"replay", "FOLDER",
       "Evaluates a finding again, or all findings below a folder, instead of running tests: on "
       "the models of the manifest's pair that has those of the finding, or on files given.",
       "none", true},
      {"original", "FILE",
       "With --dflare_replay: the original to use, instead of the manifest's where there is one.",
       "none", true},
      {"compressed", "FILE", "With --dflare_replay: the compressed model to use, likewise.", "none",
       true},
      trust,
      {"out", "FOLDER", "Where findings are written, one folder a test or pair.",
       "dflare-findings"},
      {"json", "FILE", "Writes all results, a row a pair. Shards add .shard_1_of_2 to the name.",
       "none", true},
      {"report", "FILE",
       "Writes an HTML report of all pairs and their findings. Shards add to its name likewise.",
       "none", true},
      {"progress", "auto | on | off",
       "Progress on standard error: auto redraws a line on a terminal, else adds one every 30 s.",
       "auto"},
  };
}

struct Group {
  std::string heading;
  std::vector<std::string> flags;
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
      {"Corpus", {"corpus", "corpus_mode", "update_corpus"}},
      {"Instead of testing", {"examine", "replay", "original", "compressed", "trust_recorded"}},
      {"Budgets and machine",
       {"queries_in_all", "seconds_per_seed", "seconds", "workers", "batch", "block"}},
      {"Switches of the paper's strategy", {"acceptance", "metropolis_hastings", "novelty"}},
  };
}

std::vector<FlagRow> make_table() {
  std::vector<FlagRow> rows = own_rows();
  const Options defaults;
  for (const OptionRow& option : options_table()) {
    const auto known = std::find_if(rows.begin(), rows.end(),
                                    [&](const FlagRow& row) { return row.name == option.name; });
    if (known == rows.end())
      rows.push_back(
          {option.name, option.values, option.meaning, option.get(defaults), false, true});
  }
  std::vector<FlagRow> table;
  for (const Group& group : groups()) {
    for (const std::string& name : group.flags) {
      for (const FlagRow& row : rows) {
        if (row.name != name) continue;
        table.push_back(row);
        table.back().group = group.heading;
      }
    }
  }
  if (table.size() != rows.size())
    throw std::logic_error("a flag is in no group of flag_table.cpp, or in two");
  return table;
}

}  // namespace

const std::vector<FlagRow>& flag_table() {
  static const std::vector<FlagRow> table = make_table();
  return table;
}

std::string flag_variable(const std::string& name) {
  return "DFLARE_" + boost::algorithm::to_upper_copy(name);
}

}  // namespace dflare::gtest
