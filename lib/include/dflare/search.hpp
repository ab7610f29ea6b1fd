#pragma once

/// @file
/// The search itself, its outcomes and the sink that gets them.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/distances.hpp"
#include "dflare/measurement.hpp"
#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/outcome.hpp"
#include "dflare/seeds.hpp"
#include "dflare/strategy.hpp"

namespace dflare {

/// Pictures of a finding as they are written; dflare's own.
struct EncodedPictures;

/// A confirmed deviation, as the engine hands it to its sink: evaluated alone from the very pixels
/// of `mutant`.
struct Deviation : DeviationRecord, OwnedAnswer {
  Seed seed;     ///< image at the original's input size
  Image mutant;  ///< equal to the seed's image where the seed deviates as it is
  /// How the mutant was made from the seed image, first to last; empty where by no operators.
  std::vector<AppliedOperator> history;
  /// What SearchSink::prepare() left for deviation(), of these very images; null: nothing.
  std::shared_ptr<const EncodedPictures> encoded;
};

/// An image on which a model failed or answered a non-finite score.
struct Failure {
  std::size_t position = 0;  ///< of the seed in its SeedSet
  std::string seed_id;       ///< SeedSet::id(position)
  Image image;               ///< empty where the seed input could not be read
  std::string message;       ///< of the exception, or which model's score is not finite
};

/// One seed input's part of the result: the measurement of its deviation, and the effort of its
/// chain in all. Small, for there is one for every seed input: its id is SeedSet::id(position), and
/// what else is known of a deviation goes to the sink.
struct SeedResult : Measurement, Effort {
  std::size_t position = 0;              ///< in the SeedSet
  Outcome outcome = Outcome::not_begun;  ///< what became of it
  bool cut_short = false;  ///< a budget or a stop ended the search for a closer or worse deviation
  std::shared_ptr<const std::string> why;  ///< of an error or skip; else null
  int true_label = -1;                     ///< of the seed input; -1 where it is not known
  // Of the seed input as it is; -1 where it was not evaluated:
  int seed_original_label = -1,    ///< top_label() of the original
      seed_compressed_label = -1;  ///< of the compressed model
  bool seed_agrees =
      false;  ///< deviation_regret() is 0 there: the compressed model says nothing else
  // Of a deviation:
  Distances distances;   ///< mutant to seed image
  double closeness = 0;  ///< distance that the option closest_by says, under that objective
};

/// What a search hands on while it runs. Calls never overlap, but for those of prepare(); they come
/// from any worker thread and in any order of seeds. CollectingSink is one that keeps it all.
class SearchSink {
 public:
  virtual ~SearchSink() = default;
  /// Just before deviation() of the same one, and outside the lock that keeps other calls apart:
  /// for work that takes its time and needs no order. Throws as deviation() does.
  virtual void prepare(Deviation&) {}
  /// The best deviation of a seed input, at the end of its search; at most one a seed input.
  virtual void deviation(const Deviation&) {}
  /// Of a seed input whose outcome is `error`; its deviation, where there was one, came before.
  virtual void failure(const Failure&) {}
  /// The block is done: its seeds' results in their order; its deviations were handed over before.
  virtual void block_done(std::size_t /*block*/, const std::vector<SeedResult>& /*seeds*/) {}
};

/// Evaluations of an image by both models. What is not under `queries` is no query, and is reported
/// beside.
struct Counts {
  std::uint64_t queries = 0;        ///< mutants that strategies proposed
  std::uint64_t first_looks = 0;    ///< seed inputs themselves
  std::uint64_t gradients = 0;      ///< of either model
  std::uint64_t sample = 0;         ///< seed inputs that the strategy uses as examples
  std::uint64_t minimising = 0;     ///< mutants that the minimiser tried
  std::uint64_t confirmations = 0;  ///< of what met the criterion in a batch: once more, alone
  std::uint64_t examination = 0;    ///< images of the pair's examination, see examine()
  std::uint64_t refuted = 0;        ///< of the confirmations: deviated in the batch, but not alone
  std::uint64_t batches = 0;        ///< that queries, first looks and minimising were evaluated in

  /// Adds each count.
  Counts& operator+=(const Counts& other);
};

/// What a search returns: outcomes and counts; mutants go to the SearchSink.
struct SearchResult {
  std::vector<SeedResult>
      seeds;      ///< in the order of the SeedSet; only those of the blocks searched
  Counts counts;  ///< evaluations that this search made
  // Outside the promise of equal results:
  double wall_seconds = 0,           ///< of the whole search
      cpu_seconds = 0,               ///< of the process, all threads
      inference_seconds = 0;         ///< inference summed over the workers
  int workers = 0;                   ///< threads that searched
  std::vector<std::string> remarks;  ///< what is strange and no error, a sentence each

  /// Seeds by their outcome.
  Tally tally() const;
  /// Seeds of that outcome.
  std::size_t count(Outcome outcome) const;
};

/// Number of blocks that so many seeds are cut into, each of Options::block(), the last of the
/// rest.
std::size_t block_count(std::size_t seeds, const Options& options);
/// Positions [begin, end) in a SeedSet.
struct Block {
  std::size_t begin,  ///< the first
      end;            ///< behind the last
};
/// The positions of a block, 0 to block_count() - 1; empty beyond.
Block block_at(std::size_t block, std::size_t seeds, const Options& options);

/// Searches from each seed input for a deviation. Same options, same findings: seed ids, mutants
/// byte for byte, labels, query counts, whatever the number of workers, unless a budget in seconds
/// or a stop ends it. `blocks` limits the search to some blocks; empty: all. Model failures become
/// outcomes, not exceptions. Throws ConfigError for options that make no sense or models whose
/// numbers of classes differ.
SearchResult search(Model& original, Model& compressed, const SeedSet& seeds,
                    const Options& options = {}, SearchSink* sink = nullptr,
                    const std::vector<std::size_t>& blocks = {});

}  // namespace dflare
