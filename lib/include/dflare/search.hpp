#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/distances.hpp"
#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"
#include "dflare/strategy.hpp"

namespace dflare {

/// What became of a seed input. Never mixed up with one another.
enum class Outcome : std::uint8_t {
  as_it_is,         ///< the models deviate on the seed input itself
  found,            ///< by search
  not_found,        ///< the strategy has nothing more to try
  partly_searched,  ///< a budget in all, or a stop, ended the search from this seed input
  not_begun,        ///< a budget in all, or a stop, came first
  error,            ///< unreadable image, a model that failed or answered a non-finite score
  skipped,          ///< by option: misclassified or unreadable
};
const char* to_string(Outcome outcome);

/// A confirmed deviation, as the engine hands it to its sink: evaluated alone from the very pixels
/// of `mutant`.
struct Deviation {
  std::size_t position = 0;  ///< of the seed in its SeedSet
  Seed seed;                 ///< image at the original's input size
  Image mutant;              ///< equal to the seed's image where the seed deviates as it is
  bool as_it_is = false;
  int queries = 0;    ///< of this chain up to this mutant, which is included; 0 as it is
  int gradients = 0;  ///< of either model, up to this mutant
  int paths = 0;      ///< tried up to this mutant
  std::vector<float> original_scores, compressed_scores;
  int original_label = 0, compressed_label = 0;
  double margin = 0;
  std::vector<AppliedOperator> history;
  /// Where the mutant was made by a transformation alone: apply() it to the seed's image to make it
  /// again, bit for bit.
  std::optional<Transformation> transformation;
  Distances distances;  ///< mutant to seed image

  Answer answer() const;
};

/// An image on which a model failed or answered a non-finite score.
struct Failure {
  std::size_t position = 0;
  std::string seed_id;
  Image image;  ///< empty where the seed input could not be read
  std::string message;
};

/// One seed input's part of the result. Small, for there is one for every seed input: its id is
/// SeedSet::id(position), and what else is known of a deviation goes to the sink.
struct SeedResult {
  std::size_t position = 0;
  Outcome outcome = Outcome::not_begun;
  bool cut_short = false;  ///< a budget or a stop ended the search for a closer or worse deviation
  int queries = 0;         ///< of its chain, in all
  int gradients = 0;       ///< of either model, likewise
  int paths = 0;           ///< tried, by strategies that follow paths
  std::shared_ptr<const std::string> why;  ///< of an error or skip; else null
  // Of a deviation:
  int original_label = -1, compressed_label = -1;
  float original_score = 0, compressed_score = 0;  ///< each model's probability of its own label
  double margin = 0;
  Distances distances;   ///< mutant to seed image
  double closeness = 0;  ///< distance that the option closest_by says, under that objective
};

/// What a search hands on while it runs. Calls never overlap, but come from any worker thread and
/// in any order of seeds.
class SearchSink {
 public:
  virtual ~SearchSink() = default;
  virtual void deviation(const Deviation&) {}
  virtual void failure(const Failure&) {}
  /// The block is done: its seeds' results in their order; its deviations were handed over before.
  virtual void block_done(std::size_t /*block*/, const std::vector<SeedResult>& /*seeds*/) {}
};

/// Evaluations of an image by both models. What is not under `queries` is no query, and is reported
/// beside.
struct Counts {
  std::uint64_t queries = 0;
  std::uint64_t first_looks = 0;
  std::uint64_t gradients = 0;   ///< of either model
  std::uint64_t sample = 0;      ///< seed inputs that the strategy uses as examples
  std::uint64_t minimising = 0;  ///< mutants that the minimiser tried
  std::uint64_t confirmations = 0;
  std::uint64_t refuted = 0;  ///< of the confirmations: deviated in the batch, but not alone
  std::uint64_t batches = 0;

  Counts& operator+=(const Counts& other);
};

struct SearchResult {
  std::vector<SeedResult>
      seeds;  ///< in the order of the SeedSet; only those of the blocks searched
  Counts counts;
  // Outside the promise of equal results:
  double wall_seconds = 0, cpu_seconds = 0,
         inference_seconds = 0;  ///< inference summed over the workers
  int workers = 0;

  std::size_t count(Outcome outcome) const;
};

/// Number of blocks a set of seeds is cut into, and the positions [begin, end) of one.
std::size_t block_count(std::size_t seeds, const Options& options);
struct Block {
  std::size_t begin, end;
};
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
