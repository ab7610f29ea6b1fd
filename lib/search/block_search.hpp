#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dflare/search.hpp"
#include "search/worker_pool.hpp"

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
  virtual void deviation(const Deviation&) = 0;
  virtual void failure(const Failure&) = 0;
  virtual void round_done(std::uint64_t new_queries, std::size_t new_outcomes,
                          std::size_t new_found) = 0;
};

struct BlockResult {
  std::vector<SeedResult> seeds;
  Counts counts;
};

/// The search from the seed inputs of one block, in rounds: all its chains propose, the mutants are
/// evaluated in batches, each chain takes its answer. A block shares its batches with no other, and
/// which chains share one depends on the block alone, so that its batches are always the same ones,
/// whichever workers evaluate them.
class BlockSearch {
 public:
  BlockSearch(const SeedSet& seeds, Block block, const InputSpec& input, const Options& options,
              const Strategy& strategy, const Limits& limits, BlockListener& listener);

  /// Driven by `worker`; idle workers of the pool evaluate some of the batches.
  BlockResult run(WorkerPool& pool, Worker& worker);

 private:
  /// A seed input and, where the models agree on it, its chain.
  struct Place {
    Seed seed;  // without image until it is loaded, and once the place has an outcome
    std::vector<float> original_scores, compressed_scores;
    std::unique_ptr<Chain> chain;
    std::vector<Image> mutants;  // proposed, not yet evaluated
    std::size_t first = 0;       // place of the mutants in the batch
    int queries = 0;
    Limits::Clock::time_point begun;
  };
  using Places = std::vector<Place*>;

  /// Calls step(first, last, worker) for parts of `count` items, each of a batch at most and of
  /// nearly equal size.
  void in_parts(std::size_t count, WorkerPool& pool, Worker& worker,
                const std::function<void(std::size_t, std::size_t, Worker&, Counts&)>& step);

  void look_at(std::size_t first, std::size_t last, Worker& worker, Counts& counts);
  void load(Place& place);
  void take_first_answer(Place& place, std::size_t i, Worker& worker, Counts& counts);
  Places admitted();
  void search_from(const Places& places, std::size_t first, std::size_t last, Worker& worker,
                   Counts& counts);
  bool propose(Place& place);
  void take_answers(Place& place, Worker& worker, Counts& counts);
  void end_unfinished();

  /// Evaluates alone; true if it still deviates. `error` is set where a model failed.
  bool confirm(const Image& image, Worker& worker, Counts& counts, std::string& error);
  /// The last image that `worker` confirmed.
  void report_deviation(Place& place, const Image& mutant, Worker& worker,
                        std::vector<AppliedOperator> history, bool as_it_is);
  void fail(Place& place, const Image& image, const std::string& message);
  void end(Place& place, Outcome outcome, const std::string& message = "");
  void report_progress();
  std::size_t index_of(const Place& place) const {
    return static_cast<std::size_t>(&place - places_.data());
  }
  std::uint64_t query_budget() const;

  const SeedSet& seeds_;
  Block block_;
  const InputSpec& input_;
  const Options& options_;
  const Strategy& strategy_;
  const Limits& limits_;
  BlockListener& listener_;
  std::vector<Place> places_;
  BlockResult result_;
  Progress reported_;
};

}  // namespace dflare
