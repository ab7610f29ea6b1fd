#pragma once

/// @file
/// All options of a search.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dflare/choices.hpp"
#include "dflare/constraints.hpp"
#include "dflare/criterion.hpp"
#include "dflare/model.hpp"
#include "dflare/mutation.hpp"
#include "dflare/option_row.hpp"
#include "dflare/transformation.hpp"

/// Finds inputs on which a compressed image classifier deviates from its original.
namespace dflare {

/// How far a search has come; see Options::on_progress.
struct Progress {
  std::size_t seeds = 0;       ///< in all
  std::size_t seeds_done = 0;  ///< with an outcome
  std::size_t found = 0;       ///< as it is or by search
  std::uint64_t queries = 0;   ///< made so far, as Counts::queries
  double seconds = 0;          ///< wall time since the search began
};

/// Asks a running search to stop; it ends after the batch in flight and keeps what it found. Copies
/// are one and the same signal. request() may be called from any thread.
class StopSignal {
 public:
  StopSignal() : requested_(std::make_shared<std::atomic<bool>>(false)) {}
  /// Irrevocable.
  void request() { requested_->store(true); }
  /// Whether any copy was asked.
  bool requested() const { return requested_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> requested_;
};

/// Everything that a search can be told. Each option is documented in the option table
/// (options_table()), has the same name in C++, manifests and flags, and is set by a call that can
/// be chained: Options().queries(500).workers(2). Setters do not check; check() does, and search()
/// calls it.
class Options {
 public:
  using OwnTexts = std::map<std::string, std::string>;  ///< values as text, by name
#define DFLARE_OPTION(type, name, value) \
 public:                                 \
  Options& name(type v) {                \
    name##_ = std::move(v);              \
    return *this;                        \
  }                                      \
  const type& name() const {             \
    return name##_;                      \
  }                                      \
                                         \
 private:                                \
  type name##_ = value;

  // What is searched, and how. Part of what must be equal for equal findings.
  DFLARE_OPTION(std::string, strategy,
                "boundary")          ///< "boundary", "dflare", "diffchaser", "random"
  DFLARE_OPTION(int, queries, 1000)  ///< a strategy's own limit for each seed input, at least 1
  DFLARE_OPTION(std::uint64_t, rng_seed, 1)              ///< other values give other random mutants
  DFLARE_OPTION(PathKind, path, PathKind::automatic)     ///< of `boundary`
  DFLARE_OPTION(Criteria, criterion, {})                 ///< what counts as a deviation
  DFLARE_OPTION(Objective, objective, Objective::first)  ///< what to look for, and when to end
  DFLARE_OPTION(Distance, closest_by, Distance::l2)      ///< of objective `closest`
  DFLARE_OPTION(Constraints, constraints, {})      ///< that every mutant keeps; none: no limit
  DFLARE_OPTION(TransformationRanges, ranges, {})  ///< once one is given, those not given are 0
  DFLARE_OPTION(bool, minimise, false)             ///< take findings towards their seed inputs
  DFLARE_OPTION(int, minimise_queries, 200)        ///< for each finding, at least 1
  DFLARE_OPTION(MutationSet, operators,
                MutationSet::named("dflare"))  ///< at least one; of all strategies that mutate
  DFLARE_OPTION(Acceptance, acceptance, Acceptance::reference)  ///< of strategy `dflare`
  DFLARE_OPTION(bool, metropolis_hastings,
                true)                 ///< false: operators uniformly at random (ablation)
  DFLARE_OPTION(bool, novelty, true)  ///< false: fitness without the state (ablation)
  DFLARE_OPTION(Misclassified, misclassified,
                Misclassified::keep)  ///< seed inputs whose label the original misses
  DFLARE_OPTION(Unreadable, unreadable, Unreadable::error)  ///< seed images that cannot be read
  // One class for all seed inputs, or right no more often than chance.
  DFLARE_OPTION(bool, accept_original,
                false)            ///< an original that the examination takes for broken is meant so
  DFLARE_OPTION(int, batch, 32)   ///< images a batch, at least 1
  DFLARE_OPTION(int, block, 512)  ///< seed inputs a block, at least 1
  DFLARE_OPTION(std::uint64_t, queries_in_all,
                0)  ///< shared out over the blocks by their size; 0: no limit

  // Budgets in seconds are outside the promise of equal findings. 0: no limit.
  DFLARE_OPTION(double, seconds_per_seed, 0)  ///< wall time for each seed input; 0: no limit
  DFLARE_OPTION(double, seconds, 0)           ///< wall time in all; 0: no limit

  // What cannot change a finding.
  DFLARE_OPTION(int, workers, 0)                ///< 0: one a core
  DFLARE_OPTION(bool, require_complete, false)  ///< a budget that ended fails an assertion
  DFLARE_OPTION(std::string, out, "")        ///< folder for findings; empty: where the caller says
  DFLARE_OPTION(bool, write_findings, true)  ///< false: assertions and dflare-test write none
  DFLARE_OPTION(std::string, corpus, "")     ///< of assertions and dflare-test: folder; empty: none
  DFLARE_OPTION(CorpusMode, corpus_mode, CorpusMode::both)  ///< where there is a corpus
  DFLARE_OPTION(bool, update_corpus, true)                  ///< add what is found to the corpus
  DFLARE_OPTION(InputSpec, input, {})                       ///< of models that are given as a path
  DFLARE_OPTION(StopSignal, stop, {})  ///< request() on a copy of it ends the search
  DFLARE_OPTION(std::function<void(const Progress&)>, on_progress,
                nullptr)  ///< called from any worker, never from two at once

  // Of registered strategies; set_option() sets them, and leaves out what is a default.
  DFLARE_OPTION(OwnTexts, own, {})  ///< options that registered strategies have, where set
#undef DFLARE_OPTION

 public:
  /// As set_option(), to be chained: of options that have no call of their own.
  Options& set(const std::string& name, const std::string& text);
  /// The value of an option of the table. Throws ConfigError with the nearest name if there is none
  /// of that name.
  std::string text(const std::string& name) const;
  /// Of one whose values are numbers; throws ConfigError for others.
  double number(const std::string& name) const;

  /// @name Conditions of criterion()
  /// Short forms; each is added to those that are there, as Criteria::set() does, and throws
  /// ConfigError for a value that makes no sense.
  /// @{
  Options& regret(double at_least);                             ///< in (0, 1]
  Options& margin(double at_least);                             ///< in (0, 1]
  Options& top_k(int k);                                        ///< at least 1
  Options& total_variation(double at_least);                    ///< in (0, 1]
  Options& jensen_shannon(double at_least);                     ///< bits, in (0, 1]
  Options& targeted(int original_label, int compressed_label);  ///< two different classes, from 0
  Options& harmful();  ///< needs the true label of every seed input
  /// @}

  /// @name Limits of constraints()
  /// Short forms; each leaves the others as they are.
  /// @{
  Options& l_inf(double grey_levels);   ///< 0 to 255
  Options& l2(double grey_levels);      ///< 0 or more
  Options& changed_pixels(int pixels);  ///< 0 or more
  Options& ssim(double at_least);       ///< -1 to 1
  /// @}

  /// @name Limits of ranges()
  /// Short forms; each leaves the others as they are, and holds either way.
  /// @{
  Options& rotate(double degrees);               ///< 0 to 180
  Options& translate(double pixels);             ///< in each direction, 0 or more
  Options& translate_share(double of_the_side);  ///< 0 to 1; of it and translate() the nearer
  Options& scale(double factor);                 ///< 1 to 10: 1.1 is 1 / 1.1 to 1.1
  Options& shear(double ratio);                  ///< 0 to 2
  Options& contrast(double factor);              ///< 1 to 10: 1.2 is 1 / 1.2 to 1.2
  Options& brightness(double grey_levels);       ///< 0 to 255
  /// @}

  /// Throws ConfigError naming the option, its value and what was expected, or the options that do
  /// not go together and which to choose.
  void check() const;
  /// Each option by itself: the part of check() that holds for one that is yet to be joined by
  /// others.
  void check_values() const;
};

/// The test to start with: does the pair disagree clearly (regret of at least 0.2) on images that
/// are turned by up to 10 degrees, moved by up to 1/14 of the side, scaled by up to 1.1, of a
/// contrast changed by up to 1.2 and a brightness by up to 10 grey levels, all at once; 20 queries
/// a seed input. With EXPECT_DEVIATION_RATE_LE.
Options everyday();

}  // namespace dflare
