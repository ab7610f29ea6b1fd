#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dflare/search.hpp"
#include "search/evaluation.hpp"

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

/// What a block reports while it runs.
class BlockListener {
 public:
  virtual ~BlockListener() = default;
  virtual void deviation(const Deviation&) = 0;
  virtual void failure(const Failure&) = 0;
  virtual void batch_done(std::uint64_t new_queries, std::size_t new_outcomes,
                          std::size_t new_found) = 0;
};

struct BlockResult {
  std::vector<SeedResult> seeds;
  Counts counts;
  double inference_seconds = 0;
};

/// The search from the seed inputs of one block. Its chains share their batches with no other
/// block's, take their places in a fixed order and are refilled in a fixed order, so that its
/// batches are always the same ones.
class BlockSearch {
 public:
  BlockSearch(Model& original, Model& compressed, const SeedSet& seeds, Block block,
              const Options& options, const Strategy& strategy, const Limits& limits,
              BlockListener& listener);

  BlockResult run();

 private:
  /// A seed input on which the models agree, and the answers of both.
  struct Agreed {
    std::size_t position;
    Seed seed;
    std::vector<float> original_scores, compressed_scores;
    Answer answer() const;
  };
  /// A chain in its place in the batch.
  struct Slot {
    std::unique_ptr<Agreed> agreed;
    std::unique_ptr<Chain> chain;
    std::vector<Image> mutants;  // proposed, not yet evaluated
    std::size_t first = 0;       // place of the mutants in the batch
    bool in_batch = false;
    int queries = 0;
    Limits::Clock::time_point begun;
  };

  void look_at_seeds();
  void look_at_batch(std::vector<std::pair<std::size_t, Seed>>& seeds);
  bool load(std::size_t position, Seed& seed);
  void search_chains();
  bool fill_batch();
  bool fill(Slot& slot);
  bool begin_next_chain(Slot& slot);
  void take_answers(Slot& slot);
  void end_unfinished();
  void end_all_as_errors(const std::string& message);

  /// Evaluates alone; true if it still deviates. `error` is set where a model failed.
  bool confirm(const Image& image, std::string& error);
  void report_deviation(const Agreed& agreed, const Image& mutant, int queries,
                        std::vector<AppliedOperator> history, bool as_it_is);
  void fail(std::size_t position, const std::string& id, const Image& image,
            const std::string& message, int queries);
  void end(std::size_t position, Outcome outcome, int queries, const std::string& message = "");
  void end_chain(Slot& slot, Outcome outcome);
  void report_progress();
  SeedResult& result_of(std::size_t position) { return result_.seeds[position - block_.begin]; }
  std::uint64_t query_budget() const;

  Model& original_;
  const SeedSet& seeds_;
  Block block_;
  const Options& options_;
  const Strategy& strategy_;
  const Limits& limits_;
  BlockListener& listener_;
  PairEvaluation evaluation_, alone_;
  ImageBatch batch_, one_;
  std::vector<Answer> answers_;  // of one chain; its memory is reused
  std::vector<std::unique_ptr<Agreed>> waiting_;
  std::size_t next_waiting_ = 0;
  std::vector<Slot> slots_;
  BlockResult result_;
  std::uint64_t reported_queries_ = 0;
  std::size_t outcomes_ = 0, reported_outcomes_ = 0, found_ = 0, reported_found_ = 0;
};

}  // namespace dflare
