#include <atomic>
#include <ctime>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/search.hpp"
#include "search/block_search.hpp"

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

  void deviation(const Deviation& deviation) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sink_ != nullptr) sink_->deviation(deviation);
  }
  void failure(const Failure& failure) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sink_ != nullptr) sink_->failure(failure);
  }
  void batch_done(std::uint64_t new_queries, std::size_t new_outcomes,
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

/// Takes block after block until none is left; results lie in the order of the blocks.
class Workers {
 public:
  Workers(Model& original, Model& compressed, const SeedSet& seeds, const Options& options,
          const std::vector<std::size_t>& blocks, Reporter& reporter)
      : original_(original),
        compressed_(compressed),
        seeds_(seeds),
        options_(options),
        blocks_(blocks),
        reporter_(reporter),
        strategy_(make_strategy(options)),
        results_(blocks.size()) {
    limits_.stop = options.stop();
    if (options.seconds() > 0) {
      limits_.deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                            std::chrono::duration<double>(options.seconds()));
    }
  }

  /// Runs on `count` threads, this one among them. Rethrows the first exception of any.
  void run(int count) {
    // Replicas are made before any thread predicts: making one reads what predicting changes.
    std::vector<std::pair<std::shared_ptr<Model>, std::shared_ptr<Model>>> replicas;
    for (int w = 1; w < count; ++w) {
      replicas.emplace_back(original_.replicate(), compressed_.replicate());
    }
    std::vector<std::thread> threads;
    for (const auto& replica : replicas) {
      threads.emplace_back([this, &replica] { work(*replica.first, *replica.second); });
    }
    work(original_, compressed_);
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  std::vector<BlockResult>& results() { return results_; }

 private:
  void work(Model& original, Model& compressed) {
    try {
      for (std::size_t i = next_++; i < blocks_.size(); i = next_++) {
        const Block block = block_at(blocks_[i], seeds_.size(), options_);
        results_[i] = BlockSearch(original, compressed, seeds_, block, options_, *strategy_,
                                  limits_, reporter_)
                          .run();
        reporter_.block_done(blocks_[i], results_[i]);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failure_mutex_);
      if (!failure_) failure_ = std::current_exception();
      limits_.stop_workers.request();
    }
  }

  Model& original_;
  Model& compressed_;
  const SeedSet& seeds_;
  const Options& options_;
  const std::vector<std::size_t>& blocks_;
  Reporter& reporter_;
  std::unique_ptr<Strategy> strategy_;
  Limits limits_;
  std::atomic<std::size_t> next_{0};
  std::vector<BlockResult> results_;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
};

std::vector<std::size_t> all_blocks(std::size_t count) {
  std::vector<std::size_t> blocks(count);
  std::iota(blocks.begin(), blocks.end(), std::size_t{0});
  return blocks;
}

int worker_count(const Options& options, std::size_t blocks) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t wanted =
      options.workers() > 0 ? static_cast<std::size_t>(options.workers()) : cores;
  return static_cast<int>(std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, blocks)));
}

}  // namespace

SearchResult search(Model& original, Model& compressed, const SeedSet& seeds,
                    const Options& options, SearchSink* sink,
                    const std::vector<std::size_t>& chosen) {
  options.check();
  const std::vector<std::size_t> blocks =
      chosen.empty() ? all_blocks(block_count(seeds.size(), options)) : chosen;
  std::size_t seeds_in_all = 0;
  for (const std::size_t block : blocks) {
    if (block >= block_count(seeds.size(), options))
      throw ConfigError("there is no block " + std::to_string(block));
    const Block range = block_at(block, seeds.size(), options);
    seeds_in_all += range.end - range.begin;
  }

  SearchResult result;
  result.workers = worker_count(options, blocks.size());
  const Clock::time_point begin = Clock::now();
  const double cpu_begin = process_cpu_seconds();
  Reporter reporter(options, sink, seeds_in_all);
  Workers workers(original, compressed, seeds, options, blocks, reporter);
  workers.run(result.workers);

  for (BlockResult& block : workers.results()) {
    std::move(block.seeds.begin(), block.seeds.end(), std::back_inserter(result.seeds));
    result.counts += block.counts;
    result.inference_seconds += block.inference_seconds;
  }
  result.wall_seconds = seconds_since(begin);
  result.cpu_seconds = process_cpu_seconds() - cpu_begin;
  return result;
}

}  // namespace dflare
