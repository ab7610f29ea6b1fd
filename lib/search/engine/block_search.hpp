#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dflare/search.hpp"
#include "judging/goal.hpp"
#include "search/engine/worker_pool.hpp"

namespace dflare {

/// What ends a search from outside.
struct Limits {
  using Clock = std::chrono::steady_clock;
  StopSignal stop;          ///< the caller's
  StopSignal stop_workers;  ///< the engine's own, after another worker failed
  Clock::time_point deadline = Clock::time_point::max();

  bool reached() const {
    return stop.requested() || stop_workers.requested() || Clock::now() >= deadline;
  }
};

/// What a block reports while it runs, from any worker.
class BlockListener {
 public:
  virtual ~BlockListener() = default;
  virtual void deviation(Deviation&) = 0;
  virtual void failure(const Failure&) = 0;
  virtual void round_done(std::uint64_t new_queries, std::size_t new_outcomes,
                          std::size_t new_found) = 0;
};

struct BlockResult {
  std::vector<SeedResult> seeds;
  Counts counts;
};

/// The search from the seed inputs of one block. A number of places hold a seed input each: its
/// image is looked at, then its chain's mutants are, until it has an outcome and the block's next
/// seed input takes the place. It goes in rounds: what all places want to have evaluated is cut
/// into batches, and each place takes its answers. A block shares its batches with no other, and
/// which images share one depends on the block alone, so that its batches are always the same
/// ones, whichever workers evaluate them.
class BlockSearch {
 public:
  /// Batches that the places of a block fill, so that as many workers can share a round. More
  /// places would only take more memory.
  static constexpr std::size_t kBatchesARound = 8;

  BlockSearch(const SeedSet& seeds, Block block, const InputSpec& input, const Options& options,
              const Strategy& strategy, const Limits& limits, BlockListener& listener);

  /// Driven by `worker`; idle workers of the pool evaluate some of the batches.
  BlockResult run(WorkerPool& pool, Worker& worker);

 private:
  struct Place {
    bool taken = false;
    std::size_t index = 0;  // of its seed input in the block
    Seed seed;
    std::unique_ptr<Chain> chain;  // none until the seed input has been looked at
    std::vector<Image> images;     // to be evaluated next: the seed's, or the chain's mutants
    std::size_t first = 0;         // place of the images in the batch
    int queries = 0, gradients = 0, paths = 0;
    std::unique_ptr<Deviation> best;  // confirmed
    double best_value = 0;            // what the objective makes large
    SampleSeed first_scores;          // of the seed input, for a minimiser
    bool minimising = false;          // the chain is a minimiser's
    Limits::Clock::time_point begun;
  };
  using Places = std::vector<Place*>;

  void choose_next_round(Worker& worker);
  /// Evaluates what the places [first, last) of the round want to have evaluated.
  void evaluate(std::size_t first, std::size_t last, Worker& worker, Counts& counts);
  /// Makes sure that the place has images to evaluate; false if its seed input got an outcome
  /// instead.
  bool prepare(Place& place, Worker& worker, Counts& counts);
  bool load(Place& place);
  bool propose(Place& place, Worker& worker, Counts& counts);
  void take_first_answer(Place& place, Worker& worker, Counts& counts);
  void note_first_answer(const Place& place, const Answer& answer);
  void take_answers(Place& place, Worker& worker, Counts& counts);
  void end_unfinished();

  /// Evaluates alone; true if the criterion is still met. `error` is set where a model failed.
  bool confirm(const Place& place, const Image& image, Worker& worker, Counts& counts,
               std::string& error);
  /// What the objective makes large, of the k-th mutant.
  double value_of(const Place& place, const Answer& answer, std::size_t k) const;
  /// Makes the last image that `worker` confirmed the best of its place.
  void keep(Place& place, const Image& mutant, double value, Worker& worker);
  /// Notes how the best one, the k-th mutant, was made.
  void describe(Place& place, std::size_t k);
  /// The chain has ended: minimises what it found, or ends the place.
  void finish(Place& place);
  void fail(Place& place, const Image& image, const std::string& message);
  void end(Place& place, Outcome outcome, const std::string& message = "");
  /// `otherwise` is the outcome where nothing was found.
  void end_with_best(Place& place, Outcome otherwise);
  void report_progress();
  std::uint64_t query_budget() const;

  const SeedSet& seeds_;
  Block block_;
  const InputSpec& input_;
  const Options& options_;
  const Strategy& strategy_;
  const Limits& limits_;
  BlockListener& listener_;
  std::vector<Place> places_;
  Places round_;               // those that take part
  std::size_t next_seed_ = 0;  // of the block, not yet in a place
  BlockResult result_;
  Progress reported_;
};

}  // namespace dflare
