#include "tool/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>

#include "config/document.hpp"
#include "config/input_entry.hpp"
#include "config/model_entry.hpp"
#include "config/options_entry.hpp"
#include "config/seeds_entry.hpp"
#include "setup/settings_rows.hpp"

namespace dflare::repair {
namespace {

using config::Entry;
using config::Mistakes;

/// The names one level below `section`: "rounds", "loss", ... of "train".
std::vector<std::string> names_in(const std::string& section) {
  std::vector<std::string> names;
  for (const SettingRow& row : settings_table()) {
    if (row.name.compare(0, section.size() + 1, section + ".") != 0) continue;
    const std::string rest = row.name.substr(section.size() + 1);
    const std::string name = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

const SettingRow* row_of(const std::string& name) {
  const auto& table = settings_table();
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const SettingRow& r) { return r.name == name; });
  return row == table.end() ? nullptr : &*row;
}

void read_row(const Entry& entry, const SettingRow& row, Settings& settings) {
  const auto text = entry.text(row.values);
  if (!text) return;
  try {
    row.set(settings, *text);
  } catch (const ConfigError& e) {
    entry.mistake(e.what());
  }
}

void read_section(const Entry& section, Settings& settings) {
  for (const auto& [name, value] : section.entries(names_in(section.key()))) {
    if (const SettingRow* row = row_of(value.key())) {
      read_row(value, *row, settings);
    } else {
      read_section(value, settings);
    }
  }
}

void read_search(const Entry& entry, Options& search) {
  for (const OptionRow& row : options_table()) {
    if (row.role != OptionRole::harness) continue;
    if (const auto given = entry.find(row.name))
      given->mistake(
          "is no option of this search; leave it out (out, workers and corpus are keys at the "
          "top)");
  }
  read_options(entry, search);
}

class Reader {
 public:
  explicit Reader(const Overrides& overrides) : overrides_(overrides) {}

  Settings read(const std::string& file) {
    config::read_document(file, "configuration", [this](const Entry& root, Mistakes& mistakes) {
      read_root(root, mistakes);
    });
    return std::move(settings_);
  }

 private:
  void read_root(const Entry& root, Mistakes& mistakes) {
    InputSpec input;
    std::optional<Entry> original, compressed;
    for (const auto& [name, value] : root.entries(top_keys())) {
      if (name == "original") {
        original = value;
      } else if (name == "compressed") {
        compressed = value;
      } else if (name == "input") {
        read_input(value, input);
        check_input(value, input);
      } else {
        read_key(name, value);
      }
    }
    if (!root.is_map()) return;
    // After `input`, wherever that stands.
    if (original) settings_.original = model(*original, input);
    if (compressed) settings_.compressed = model(*compressed, input);
    if (overrides_.out) settings_.out = *overrides_.out;
    if (overrides_.workers) settings_.workers = *overrides_.workers;
    check_missing(root);
    check_settings(root, mistakes);
  }

  void read_key(const std::string& name, const Entry& value) {
    if (name == "dflare_repair") {
      value.whole_number(1, 1);
    } else if (name == "seeds") {
      if (auto seeds = open_seeds(value)) settings_.training = *seeds;
    } else if (name == "unseen") {
      if (auto seeds = open_seeds(value)) settings_.unseen = *seeds;
    } else if (name == "test") {
      settings_.test = open_seeds(value);
    } else if (name == "corpus") {
      settings_.corpus = value.path().value_or("");
    } else if (name == "out") {
      settings_.out = value.path().value_or("");
    } else if (name == "repaired") {
      settings_.repaired = value.path().value_or("");
    } else if (name == "search") {
      read_search(value, settings_.search);
    } else if (const SettingRow* row = row_of(name)) {
      read_row(value, *row, settings_);
    } else {
      read_section(value, settings_);
    }
  }

  std::optional<SeedSet> open_seeds(const Entry& entry) {
    config::SeedsSpec spec;
    read_seeds(entry, spec);
    if (spec.kind != config::SeedsSpec::Kind::none && spec.paths.empty())
      return std::nullopt;  // said already
    try {
      return seed_sets_.open(spec);
    } catch (const Error& e) {
      entry.mistake(e.what());
      return std::nullopt;
    }
  }

  static ModelSetting model(const Entry& entry, const InputSpec& input) {
    config::ModelEntry read = read_model(entry, input);
    if (read.gradients_from)
      entry.find("gradients_from")->mistake("dflare-repair needs no gradients; leave it out");
    return {std::move(read.source), std::move(read.load)};
  }

  void check_missing(const Entry& root) const {
    const std::vector<std::pair<std::string, std::string>> required = {
        {"dflare_repair", "'dflare_repair: 1', the version of this format"},
        {"original", "the path of the original model"},
        {"compressed", "the path of the compressed model"},
        {"seeds", "the seed inputs to search and to train on"},
        {"unseen", "seed inputs for the re-test that are not in seeds"},
        {"out", "a folder for the reports and the repaired model"}};
    for (const auto& [key, expected] : required) {
      if (!root.find(key) && !(key == "out" && overrides_.out))
        root.mistake(fmt::format("the key '{}' is missing; expected {}", key, expected));
    }
  }

  /// What makes no sense although it can be read; once, not of what could not be read either.
  void check_settings(const Entry& root, Mistakes& mistakes) const {
    const std::vector<std::string> said_if_missing = {"original", "compressed", "seeds", "unseen",
                                                      "out"};
    for (const SettingMistake& mistake : mistakes_of(settings_)) {
      const bool may_be_missing = std::find(said_if_missing.begin(), said_if_missing.end(),
                                            mistake.key) != said_if_missing.end();
      if (mistakes.any_in(mistake.key) ||
          (may_be_missing && !root.find(mistake.key) && !(mistake.key == "out" && overrides_.out)))
        continue;
      mistakes.add(mark_of(root, mistake.key), mistake.key, mistake.what);
    }
  }

  /// Of the key, or of what it would be in.
  static YAML::Mark mark_of(const Entry& root, const std::string& key) {
    YAML::Mark mark = root.mark();
    std::vector<Entry> path = {root};
    for (std::size_t begin = 0; begin <= key.size();) {
      const std::size_t end = std::min(key.find('.', begin), key.size());
      const auto next = path.back().find(key.substr(begin, end - begin));
      if (!next) break;
      mark = next->mark();
      path.push_back(*next);
      begin = end + 1;
    }
    return mark;
  }

  const Overrides& overrides_;
  Settings settings_;
  config::SeedSets seed_sets_;
};

}  // namespace

const std::vector<std::string>& top_keys() {
  static const std::vector<std::string> keys = {
      "dflare_repair", "original",        "compressed", "input", "seeds",  "unseen", "test",
      "corpus",        "search",          "kind",       "train", "retest", "gates",  "out",
      "repaired",      "overwrite_input", "workers"};
  return keys;
}

Settings read_config(const std::string& file, const Overrides& overrides) {
  return Reader(overrides).read(file);
}

}  // namespace dflare::repair
