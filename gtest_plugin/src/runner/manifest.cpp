#include "runner/manifest.hpp"

#include <fmt/format.h>

#include <map>

#include "config/document.hpp"
#include "config/input_entry.hpp"
#include "config/options_entry.hpp"
#include "config/seeds_entry.hpp"

namespace dflare::gtest {
namespace {

using config::Entry;
using config::Mistakes;
using config::SeedsSpec;

const char* const name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/// What `defaults` and a pair have in common; a pair starts from a copy of the defaults.
struct Common {
  Options options;
  InputSpec input;
  SeedsSpec seeds;
  Expectation expectation;
};

void read_expectation(const Entry& entry, Expectation& expectation) {
  expectation = {};
  if (!entry.is_map()) {
    const auto text = entry.text();
    if (text && *text != "no_deviation") {
      entry.mistake(
          fmt::format("'{}' is no expectation; expected no_deviation, {{deviation_rate_le: 0.03}}, "
                      "{{worst_deviation_le: 0.2}} or {{closest_deviation_ge: 100}}",
                      *text));
    }
    return;
  }
  if (entry.node().size() != 1) {
    entry.mistake(
        fmt::format("{} expectations; expected one of deviation_rate_le, "
                    "worst_deviation_le and closest_deviation_ge",
                    entry.node().size()));
  }
  for (const auto& [name, value] :
       entry.entries({"deviation_rate_le", "worst_deviation_le", "closest_deviation_ge"})) {
    if (name == "deviation_rate_le") {
      expectation.rate_le = value.number(0, 1);
    } else if (name == "worst_deviation_le") {
      expectation.regret_le = value.number(0, 1);
    } else {
      expectation.distance_ge = value.number(0);
    }
  }
}

/// True if the key was one of the common ones.
bool read_common(const std::string& name, const Entry& value, Common& common) {
  if (name == "preset") {
    read_preset(value, common.options);
  } else if (name == "options") {
    read_options(value, common.options);
  } else if (name == "input") {
    read_input(value, common.input);
  } else if (name == "seeds") {
    read_seeds(value, common.seeds);
  } else if (name == "expect") {
    read_expectation(value, common.expectation);
  } else {
    return false;
  }
  return true;
}

class Reader {
 public:
  Manifest read(const std::string& file) {
    manifest_.file = file;
    config::read_document(file, "manifest", [this](const Entry& root, Mistakes& mistakes) {
      mistakes_ = &mistakes;
      read_root(root);
    });
    return std::move(manifest_);
  }

 private:
  void read_root(const Entry& root) {
    Common defaults;
    std::vector<Entry> pairs;
    bool version_given = false, pairs_given = false;
    for (const auto& [name, value] : root.entries({"dflare", "defaults", "pairs"})) {
      if (name == "dflare") {
        version_given = true;
        value.whole_number(1, 1);
      } else if (name == "defaults") {
        for (const auto& [key, part] :
             preset_first(value, {"preset", "options", "seeds", "input", "expect"}))
          read_common(key, part, defaults);
      } else {
        pairs_given = true;
        pairs = value.items();
        if (value.is_list() && pairs.empty())
          value.mistake("an empty list; expected at least one pair");
      }
    }
    if (!root.is_map()) return;
    if (!version_given)
      root.mistake("the key 'dflare' is missing; expected 'dflare: 1', the version of this format");
    if (!pairs_given)
      root.mistake("the key 'pairs' is missing; expected a list of pairs of models");
    for (const Entry& pair : pairs) read_pair(pair, defaults);
  }

  void read_pair(const Entry& entry, const Common& defaults) {
    const std::size_t mistakes_before = mistakes_->count();
    Common common = defaults;
    std::optional<std::string> name;
    std::optional<Entry> original, compressed, seeds, options, input, expect;
    for (const auto& [key, value] : preset_first(entry, {"name", "original", "compressed", "input",
                                                         "seeds", "preset", "options", "expect"})) {
      if (key == "name") {
        name = read_name(value);
      } else if (key == "original") {
        original = value;
      } else if (key == "compressed") {
        compressed = value;
      } else {
        read_common(key, value, common);
        if (key == "seeds") seeds = value;
        if (key == "options") options = value;
        if (key == "input") input = value;
        if (key == "expect") expect = value;
      }
    }
    if (!entry.is_map()) return;
    for (const char* key : {"name", "original", "compressed"}) {
      if (!entry.node()[key]) entry.mistake(fmt::format("the key '{}' is missing", key));
    }
    check_options(entry, options, expect, common);
    Pair pair{name.value_or(""),
              {},
              {},
              SeedSet::images({}),
              common.options,
              common.expectation,
              entry.node().Mark().line + 1};
    if (original) pair.original = read_model(*original, common.input);
    if (compressed) pair.compressed = read_model(*compressed, common.input);
    const bool readable_so_far = mistakes_->count() == mistakes_before;
    check_input(input.value_or(entry), common.input);
    if (common.seeds.kind == SeedsSpec::Kind::none && !seeds) {
      entry.mistake("the key 'seeds' is missing, here and in defaults");
    } else if (readable_so_far || common.seeds.kind != SeedsSpec::Kind::none) {
      open_seeds(seeds.value_or(entry), common.seeds, pair);
    }
    manifest_.pairs.push_back(std::move(pair));
  }

  /// Also gives the options the objective that the expectation needs.
  static void check_options(const Entry& pair, const std::optional<Entry>& options,
                            const std::optional<Entry>& expect, Common& common) {
    const Entry* blamed = expect ? &*expect : &pair;
    try {
      set_objective(common.expectation, common.options);
      blamed = options ? &*options : &pair;
      common.options.check();
    } catch (const ConfigError& e) {
      blamed->mistake(e.what());
    }
  }

  void open_seeds(const Entry& entry, const SeedsSpec& spec, Pair& pair) {
    if (spec.kind != SeedsSpec::Kind::none && spec.paths.empty()) return;  // said already
    try {
      pair.seeds = seed_sets_.open(spec);
    } catch (const Error& e) {
      entry.mistake(e.what());
    }
  }

  std::optional<std::string> read_name(const Entry& entry) {
    const auto name = entry.text("a name");
    if (!name) return std::nullopt;
    if (name->find_first_not_of(name_characters) != std::string::npos) {
      entry.mistake(fmt::format(
          "'{}' cannot be the name of a GoogleTest suite; expected letters, digits and '_' only",
          *name));
    }
    const auto [first, is_new] = names_.emplace(*name, entry.node().Mark().line + 1);
    if (!is_new)
      entry.mistake(
          fmt::format("'{}' is the name of another pair (line {}); expected names that differ",
                      *name, first->second));
    return name;
  }

  Mistakes* mistakes_ = nullptr;
  Manifest manifest_;
  config::SeedSets seed_sets_;
  std::map<std::string, int> names_;
};

}  // namespace

Manifest read_manifest(const std::string& file) {
  return Reader().read(file);
}

}  // namespace dflare::gtest
