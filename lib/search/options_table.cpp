#include <fmt/format.h>

#include <boost/lexical_cast/try_lexical_convert.hpp>
#include <type_traits>

#include "dflare/error.hpp"
#include "dflare/options.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

template <class T>
using Setter = Options& (Options::*)(T);
template <class T>
using Getter = const T& (Options::*)() const;

[[noreturn]] void bad_value(const std::string& name, const std::string& text,
                            const std::string& values) {
  throw ConfigError(fmt::format("option {}: '{}' makes no sense; expected {}", name, text, values));
}

OptionRow text_row(std::string name, std::string values, std::string meaning, bool changes,
                   Setter<std::string> setter, Getter<std::string> getter) {
  return {std::move(name),
          std::move(values),
          std::move(meaning),
          changes,
          [setter](Options& o, const std::string& text) { (o.*setter)(text); },
          [getter](const Options& o) { return (o.*getter)(); }};
}

template <class T>
OptionRow number_row(std::string name, std::string values, std::string meaning, bool changes,
                     Setter<T> setter, Getter<T> getter) {
  return {name,
          values,
          std::move(meaning),
          changes,
          [name, values, setter](Options& o, const std::string& text) {
            T value{};
            // lexical_cast lets "-1" through as a huge unsigned number.
            const bool negative = std::is_unsigned_v<T> && text.find('-') != std::string::npos;
            if (negative || !boost::conversion::try_lexical_convert(text, value))
              bad_value(name, text, values);
            (o.*setter)(value);
          },
          [getter](const Options& o) { return fmt::format("{}", (o.*getter)()); }};
}

template <class T>
OptionRow choice_row(std::string name, std::string meaning, bool changes,
                     std::vector<std::pair<std::string, T>> choices, Setter<T> setter,
                     Getter<T> getter) {
  std::string values;
  for (const auto& choice : choices) values += (values.empty() ? "" : " | ") + choice.first;
  return {name,
          values,
          std::move(meaning),
          changes,
          [name, values, choices, setter](Options& o, const std::string& text) {
            for (const auto& [word, value] : choices) {
              if (word == text) return void((o.*setter)(value));
            }
            bad_value(name, text, values);
          },
          [choices, getter](const Options& o) {
            for (const auto& [word, value] : choices) {
              if (value == (o.*getter)()) return word;
            }
            return std::string();
          }};
}

OptionRow flag_row(std::string name, std::string meaning, bool changes, Setter<bool> setter,
                   Getter<bool> getter) {
  return choice_row<bool>(std::move(name), std::move(meaning), changes,
                          {{"true", true}, {"false", false}}, setter, getter);
}

std::string name_of_set(const MutationSet& set) {
  std::string list;
  for (std::size_t i = 0; i < set.size(); ++i) list += (i == 0 ? "" : ", ") + set[i].name;
  for (const std::string& name : MutationSet::names()) {
    const MutationSet named = MutationSet::named(name);
    bool same = named.size() == set.size();
    for (std::size_t i = 0; same && i < set.size(); ++i) same = named[i].name == set[i].name;
    if (same) return name;
  }
  return list;
}

OptionRow operators_row() {
  std::string values;
  for (const std::string& name : MutationSet::names())
    values += (values.empty() ? "" : " | ") + name;
  return {"operators",
          values,
          "The set of mutation operators.",
          true,
          [](Options& o, const std::string& text) { o.operators(MutationSet::named(text)); },
          [](const Options& o) { return name_of_set(o.operators()); }};
}

std::vector<OptionRow> make_table() {
  using O = Options;
  const char* count = "a whole number, at least 1";
  const char* seconds = "seconds, 0 or more (0: no limit)";
  return {
      text_row("strategy", "the name of a strategy: dflare | random",
               "The rule that the search from a seed input follows.", true, &O::strategy,
               &O::strategy),
      number_row<int>("queries", count,
                      "A strategy's own limit of queries for each seed input; after it the seed is "
                      "'not found'.",
                      true, &O::queries, &O::queries),
      number_row<std::uint64_t>("rng_seed", "a whole number, 0 or more",
                                "Other values give other random mutants.", true, &O::rng_seed,
                                &O::rng_seed),
      operators_row(),
      choice_row<Acceptance>(
          "acceptance",
          "When `dflare` takes a mutant as its next image: as the authors' program or as the "
          "paper.",
          true, {{"reference", Acceptance::reference}, {"published", Acceptance::published}},
          &O::acceptance, &O::acceptance),
      flag_row(
          "metropolis_hastings",
          "Whether `dflare` learns which operators to use; false: uniformly at random (ablation).",
          true, &O::metropolis_hastings, &O::metropolis_hastings),
      flag_row(
          "novelty",
          "Whether the fitness of `dflare` rewards a new state; false: the ablation without it.",
          true, &O::novelty, &O::novelty),
      choice_row<Misclassified>(
          "misclassified", "What to do with seed inputs whose known label the original misses.",
          true, {{"keep", Misclassified::keep}, {"skip", Misclassified::skip}}, &O::misclassified,
          &O::misclassified),
      choice_row<Unreadable>("unreadable", "What to do with seed images that cannot be read.", true,
                             {{"error", Unreadable::error}, {"skip", Unreadable::skip}},
                             &O::unreadable, &O::unreadable),
      number_row<int>("batch", count, "Images evaluated at once.", true, &O::batch, &O::batch),
      number_row<int>("block", count,
                      "Seed inputs that share their batches; what workers and shards take.", true,
                      &O::block, &O::block),
      number_row<std::uint64_t>(
          "queries_in_all", "a whole number, 0 or more (0: no limit)",
          "Budget of queries, shared out evenly over the blocks of seed inputs.", true,
          &O::queries_in_all, &O::queries_in_all),
      number_row<double>(
          "seconds_per_seed", seconds,
          "Budget of wall time for each seed input, which its block shares; what it ends is "
          "not reproducible.",
          true, &O::seconds_per_seed, &O::seconds_per_seed),
      number_row<double>("seconds", seconds,
                         "Budget of time in all; what it ends is not reproducible.", true,
                         &O::seconds, &O::seconds),
      number_row<int>("workers", "0 (one a core) to 1024",
                      "Threads that search; changes no finding.", false, &O::workers, &O::workers),
      flag_row(
          "require_complete",
          "Whether a budget that ended before all seed inputs were searched fails an assertion.",
          false, &O::require_complete, &O::require_complete),
      text_row("out", "a folder", "Where findings are written.", false, &O::out, &O::out),
      flag_row("write_findings", "Whether findings are written at all.", false, &O::write_findings,
               &O::write_findings),
  };
}

}  // namespace

const std::vector<OptionRow>& options_table() {
  static const std::vector<OptionRow> table = make_table();
  return table;
}

void set_option(Options& options, const std::string& name, const std::string& text) {
  std::vector<std::string> known;
  for (const OptionRow& row : options_table()) {
    if (row.name == name) return row.set(options, text);
    known.push_back(row.name);
  }
  throw ConfigError(unknown_name("option", name, known));
}

}  // namespace dflare
