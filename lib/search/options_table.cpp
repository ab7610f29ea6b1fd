#include "judging/conditions.hpp"
#include "judging/goal.hpp"
#include "search/options_rows.hpp"
#include "search/strategies/strategies.hpp"
#include "support/names.hpp"

namespace dflare {
namespace {

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
          "The set of mutation operators; `boundary` uses it on path mutation and when it climbs.",
          true,
          [](Options& o, const std::string& text) { o.operators(MutationSet::named(text)); },
          [](const Options& o) { return name_of_set(o.operators()); }};
}

OptionRow criterion_row() {
  return {"criterion",
          "conditions joined with 'and': " + condition_examples(),
          "What counts as a deviation.",
          true,
          [](Options& o, const std::string& text) { o.criterion(Criteria::parse(text)); },
          [](const Options& o) { return o.criterion().text(); }};
}

OptionRow objective_row() {
  std::vector<std::pair<std::string, Objective>> choices;
  for (const ObjectiveRow& row : objectives()) choices.emplace_back(row.name, row.objective);
  return choice_row<Objective>(
      "objective", "What the search from a seed input is after: " + objective_meanings() + ".",
      true, choices, &Options::objective, &Options::objective);
}

OptionRow corpus_mode_row() {
  return choice_row<CorpusMode>("corpus_mode",
                                "both: replay the corpus, and search only where no finding in it "
                                "fails the test; replay-only; "
                                "search: replay nothing.",
                                false,
                                {{"both", CorpusMode::both},
                                 {"replay-only", CorpusMode::replay_only},
                                 {"search", CorpusMode::search}},
                                &Options::corpus_mode, &Options::corpus_mode);
}

OptionRow corpus_row() {
  return {"corpus",
          "a folder, or a value of corpus_mode",
          "Where findings are kept, one folder a test or pair, and replayed first the next time; a "
          "value of corpus_mode sets that instead (write ./both for a folder of that name).",
          false,
          [](Options& o, const std::string& text) {
            const bool is_mode = text == "both" || text == "replay-only" || text == "search";
            if (is_mode) {
              corpus_mode_row().set(o, text);
            } else {
              o.corpus(text);
            }
          },
          [](const Options& o) { return o.corpus(); }};
}

template <class T>
OptionRow constraint_row(std::string name, const std::string& numbers, std::string meaning,
                         std::optional<T> Constraints::*limit) {
  return limit_row<Constraints, T>(std::move(name), numbers, std::move(meaning),
                                   &Options::constraints, &Options::constraints, limit);
}

OptionRow range_row(std::string name, const std::string& numbers, const std::string& change,
                    std::optional<double> TransformationRanges::*limit) {
  return limit_row<TransformationRanges, double>(
      std::move(name), numbers,
      "How far a transformation of `boundary` (path transform) or `random` may " + change +
          "; none: not at all where another range is given.",
      &Options::ranges, &Options::ranges, limit);
}

std::vector<OptionRow> what_is_searched() {
  using O = Options;
  return {
      criterion_row(),
      objective_row(),
      choice_row<Distance>(
          "closest_by",
          "What objective `closest` makes small; strength is that of the "
          "transformation, with strategy `boundary` and path transform.",
          true,
          {{"l2", Distance::l2}, {"l_inf", Distance::l_inf}, {"strength", Distance::strength}},
          &O::closest_by, &O::closest_by),
      constraint_row("l_inf", "grey levels, 0 to 255",
                     "How far a value may be from the seed image's, at most.", &Constraints::l_inf),
      constraint_row("l2", "grey levels, 0 or more",
                     "Euclidean distance from the seed image over all values, at most.",
                     &Constraints::l2),
      constraint_row("changed_pixels", "a whole number, 0 or more",
                     "Pixels that may differ from the seed image's in any channel, at most.",
                     &Constraints::changed_pixels),
      constraint_row("ssim", "a similarity, -1 to 1",
                     "Mean structural similarity to the seed image, at least.", &Constraints::ssim),
      flag_row("minimise",
               "Whether findings are then taken towards their seed inputs while they remain "
               "deviations.",
               true, &O::minimise, &O::minimise),
      number_row<int>("minimise_queries", "a whole number, at least 1",
                      "Limit of queries for each finding that `minimise` takes on.", true,
                      &O::minimise_queries, &O::minimise_queries),
  };
}

std::vector<OptionRow> ranges() {
  using R = TransformationRanges;
  return {
      range_row("rotate", "degrees, 0 to 180", "turn the image, either way", &R::rotate),
      range_row("translate", "pixels, 0 or more", "move the image in each direction",
                &R::translate),
      range_row("translate_share", "a share of the side, 0 to 1",
                "move the image in each direction (with translate, the nearer limit counts)",
                &R::translate_share),
      range_row("scale", "a factor, 1 to 10", "scale the image: 1.1 is 1 / 1.1 to 1.1", &R::scale),
      range_row("shear", "a ratio, 0 to 2", "shear the image, either way", &R::shear),
      range_row("contrast", "a factor, 1 to 10", "change the contrast: 1.2 is 1 / 1.2 to 1.2",
                &R::contrast),
      range_row("brightness", "grey levels, 0 to 255", "brighten or darken the image",
                &R::brightness),
  };
}

std::vector<OptionRow> of_strategies_and_budgets() {
  using O = Options;
  const char* count = "a whole number, at least 1";
  const char* seconds = "seconds, 0 or more (0: no limit)";
  return {
      text_row("strategy", "the name of a strategy: " + built_in_strategies(),
               "The rule that the search from a seed input follows.", true, &O::strategy,
               &O::strategy),
      choice_row<PathKind>(
          "path",
          "What leads `boundary` to where the original changes its mind; auto: transform where "
          "ranges are given, blend to climb, else gradient where the original has gradients, else "
          "transform.",
          true,
          {{"auto", PathKind::automatic},
           {"transform", PathKind::transform},
           {"blend", PathKind::blend},
           {"gradient", PathKind::gradient},
           {"mutation", PathKind::mutation}},
          &O::path, &O::path),
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
      flag_row("accept_original",
               "Whether an original that the examination takes for broken (one class for all seed "
               "inputs, right no more often than chance) is meant so.",
               false, &O::accept_original, &O::accept_original),
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
      corpus_row(),
      corpus_mode_row(),
      flag_row("update_corpus", "Whether what is found is added to the corpus.", false,
               &O::update_corpus, &O::update_corpus),
  };
}

std::vector<OptionRow> make_table() {
  std::vector<OptionRow> table;
  for (const auto& rows : {of_strategies_and_budgets(), what_is_searched(), ranges()})
    table.insert(table.end(), rows.begin(), rows.end());
  return table;
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
  const std::vector<std::string> conditions = criterion_names();
  if (std::count(conditions.begin(), conditions.end(), name) > 0) {
    throw ConfigError(fmt::format(
        "unknown option '{0}': it is a condition of the option 'criterion', whose value is text "
        "such as \"regret >= 0.2\"",
        name));
  }
  throw ConfigError(unknown_name("option", name, known));
}

}  // namespace dflare
