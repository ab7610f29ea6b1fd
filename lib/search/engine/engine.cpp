#include <algorithm>
#include <ctime>
#include <exception>
#include <mutex>
#include <numeric>

#include "dflare/error.hpp"
#include "dflare/search.hpp"
#include "search/engine/block_search.hpp"
#include "search/engine/opencv_threads.hpp"
#include "search/engine/strategy_context.hpp"
#include "support/cores.hpp"

namespace dflare {
namespace {

using Clock = Limits::Clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double process_cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Brings what the workers report into one line: calls of the sink and of on_progress never
/// overlap.
class Reporter : public BlockListener {
 public:
  Reporter(const Options& options, SearchSink* sink, std::size_t seeds)
      : options_(options), sink_(sink) {
    progress_.seeds = seeds;
  }

  void deviation(Deviation& deviation) override {
    if (sink_ != nullptr) sink_->prepare(deviation);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sink_ != nullptr) sink_->deviation(deviation);
  }
  void failure(const Failure& failure) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sink_ != nullptr) sink_->failure(failure);
  }
  void round_done(std::uint64_t new_queries, std::size_t new_outcomes,
                  std::size_t new_found) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    progress_.queries += new_queries;
    progress_.seeds_done += new_outcomes;
    progress_.found += new_found;
    progress_.seconds = seconds_since(begin_);
    if (options_.on_progress()) options_.on_progress()(progress_);
  }
  void block_done(std::size_t block, const BlockResult& result) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sink_ != nullptr) sink_->block_done(block, result.seeds);
  }

 private:
  const Options& options_;
  SearchSink* sink_;
  std::mutex mutex_;
  Progress progress_;
  Clock::time_point begin_ = Clock::now();
};

std::vector<std::size_t> all_blocks(std::size_t count) {
  std::vector<std::size_t> blocks(count);
  std::iota(blocks.begin(), blocks.end(), std::size_t{0});
  return blocks;
}

Limits limits_of(const Options& options) {
  Limits limits;
  limits.stop = options.stop();
  if (options.seconds() > 0) {
    limits.deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                         std::chrono::duration<double>(options.seconds()));
  }
  return limits;
}

void check_true_labels(const Options& options, const SeedSet& seeds,
                       const std::vector<std::size_t>& blocks) {
  if (!options.criterion().needs_true_label()) return;
  for (const std::size_t block : blocks) {
    const Block range = block_at(block, seeds.size(), options);
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (seeds.label(i)) continue;
      throw ConfigError("the criterion '" + options.criterion().text() +
                        "' needs the true label of every seed input, and '" + seeds.id(i) +
                        "' has none; give labels with the seed inputs, or another criterion");
    }
  }
}

/// As many as asked for, or one a core, but no more than there are batches to evaluate side by
/// side.
int worker_count(const Options& options, std::size_t batches) {
  const auto wanted =
      static_cast<std::size_t>(options.workers() > 0 ? options.workers() : available_cores());
  return static_cast<int>(std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, batches)));
}

}  // namespace

SearchResult search(Model& original, Model& compressed, const SeedSet& seeds,
                    const Options& options, SearchSink* sink,
                    const std::vector<std::size_t>& chosen) {
  options.check();
  const std::vector<std::size_t> blocks =
      chosen.empty() ? all_blocks(block_count(seeds.size(), options)) : chosen;
  std::vector<std::size_t> first_seed;  // of each block, in the result
  std::size_t seeds_in_all = 0, batches = 0;
  const auto batch = static_cast<std::size_t>(options.batch());
  for (const std::size_t block : blocks) {
    if (block >= block_count(seeds.size(), options)) {
      throw ConfigError("there is no block " + std::to_string(block));
    }
    const Block range = block_at(block, seeds.size(), options);
    first_seed.push_back(seeds_in_all);
    seeds_in_all += range.end - range.begin;
    batches += std::min((range.end - range.begin + batch - 1) / batch, BlockSearch::kBatchesARound);
  }

  check_true_labels(options, seeds, blocks);

  SearchResult result;
  result.workers = worker_count(options, batches);
  const Clock::time_point begin = Clock::now();
  const double cpu_begin = process_cpu_seconds();
  const InputSpec& input = original.input();
  const OneOpenCvThread one_thread;
  Limits limits = limits_of(options);
  const std::unique_ptr<Strategy> strategy = make_strategy(options);
  strategy->prepare(
      strategy_context_for(*strategy, original, compressed, seeds, options, result.counts));
  Reporter reporter(options, sink, seeds_in_all);
  WorkerPool pool(original, compressed, result.workers);
  // Every block has its own part of the result, so that nothing is kept twice.
  result.seeds.resize(seeds_in_all);
  std::vector<Counts> counts(blocks.size());
  pool.run(
      blocks.size(),
      [&](std::size_t i, Worker& worker) {
        const Block block = block_at(blocks[i], seeds.size(), options);
        BlockResult found = BlockSearch(seeds, block, input, options, *strategy, limits, reporter)
                                .run(pool, worker);
        reporter.block_done(blocks[i], found);
        counts[i] = found.counts;
        std::move(found.seeds.begin(), found.seeds.end(),
                  result.seeds.begin() + static_cast<std::ptrdiff_t>(first_seed[i]));
      },
      [&limits] { limits.stop_workers.request(); });
  result.workers = static_cast<int>(pool.workers());
  if (!pool.shortage().empty()) result.remarks.push_back(pool.shortage());
  for (const Counts& block : counts) result.counts += block;
  result.inference_seconds = pool.inference_seconds();
  result.wall_seconds = seconds_since(begin);
  result.cpu_seconds = process_cpu_seconds() - cpu_begin;
  return result;
}

}  // namespace dflare
