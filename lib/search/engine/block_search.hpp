#pragma once

#include <chrono>
#include <vector>

#include "dflare/search.hpp"
#include "search/engine/block_listener.hpp"
#include "search/engine/slot.hpp"
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

struct BlockResult {
  std::vector<SeedResult> seeds;
  Counts counts;
};

/// The search from the seed inputs of one block, in slots. It goes in rounds: what all slots want
/// to have evaluated is cut into batches, and each slot takes its answers. A block shares its
/// batches with no other, and which images share one depends on the block alone, so that its
/// batches are always the same ones, whichever workers evaluate them.
class BlockSearch {
 public:
  /// Batches that the slots of a block fill, so that as many workers can share a round. More slots
  /// would only take more memory.
  static constexpr std::size_t kBatchesARound = 8;

  BlockSearch(const SeedSet& seeds, Block block, const InputSpec& input, const Options& options,
              const Strategy& strategy, const Limits& limits, BlockListener& listener);

  /// Driven by `worker`; idle workers of the pool evaluate some of the batches.
  BlockResult run(WorkerPool& pool, Worker& worker);

 private:
  void choose_next_round(Worker& worker);
  /// Evaluates what the slots [first, last) of the round want to have evaluated.
  void evaluate(std::size_t first, std::size_t last, Worker& worker, Counts& counts);
  void report_progress();
  std::uint64_t query_budget() const;

  const SeedSet& seeds_;
  Block block_;
  const Options& options_;
  const Limits& limits_;
  BlockListener& listener_;
  SlotContext context_;
  std::vector<Slot> slots_;
  std::vector<Slot*> round_;   // those that take part
  std::size_t next_seed_ = 0;  // of the block, not yet in a slot
  BlockResult result_;
  Progress reported_;
};

}  // namespace dflare
