#include "runner/manifest.hpp"

#include <fmt/format.h>

#include <map>

#include "check/expectation/kind.hpp"
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

/// "a, b and c"
std::string joined_words(const std::vector<std::string>& words, const char* before_the_last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == words.size() ? before_the_last : ", ";
    text += before + words[i];
  }
  return text;
}

/// The names of those with a bound.
std::vector<std::string> bounded_expectations() {
  std::vector<std::string> names;
  for (const auto& kind : checking::expectation_kinds()) {
    if (kind->has_bound()) names.push_back(kind->name());
  }
  return names;
}

void refuse_expectation(const Entry& entry, const std::string& text) {
  std::vector<std::string> known;
  for (const auto& kind : checking::expectation_kinds()) {
    known.push_back(kind->has_bound() ? fmt::format("{{{}: {}}}", kind->name(), kind->example())
                                      : kind->name());
  }
  entry.mistake(
      fmt::format("'{}' is no expectation; expected {}", text, joined_words(known, " or ")));
}

void read_expectation(const Entry& entry, Expectation& expectation) {
  expectation = {};
  if (!entry.is_map()) {
    const auto text = entry.text();
    if (text && *text != expectation.name()) refuse_expectation(entry, *text);
    return;
  }
  const std::vector<std::string> names = bounded_expectations();
  if (entry.node().size() != 1) {
    entry.mistake(fmt::format("{} expectations; expected one of {}", entry.node().size(),
                              joined_words(names, " and ")));
  }
  for (const auto& [name, value] : entry.entries(names)) {
    const Expectation named = Expectation::of(name);
    const auto highest = named.kind().highest_bound();
    const auto bound = highest ? value.number(0, *highest) : value.number(0);
    if (bound) expectation = Expectation::of(name, *bound);
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
      checking::settle(common.expectation, common.options);
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
