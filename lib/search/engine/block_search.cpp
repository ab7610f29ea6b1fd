#include "search/engine/block_search.hpp"

#include <algorithm>
#include <utility>

namespace dflare {
namespace {

class ModelGradients : public Gradients {
 public:
  explicit ModelGradients(PairEvaluation& models) : models_(models) {}

  cv::Mat original(const Image& image, int a, int b) override {
    return models_.original().gradient(image, a, b);
  }
  cv::Mat compressed(const Image& image, int a, int b) override {
    return models_.compressed().gradient(image, a, b);
  }

 private:
  PairEvaluation& models_;
};

/// Those to a slot's images, the first of which is the `first` of a worker's batch.
class BatchAnswers : public SlotAnswers {
 public:
  BatchAnswers(Worker& worker, std::size_t first) : worker_(worker), first_(first) {}

  std::string error(std::size_t k) const override { return worker_.evaluation.error(first_ + k); }
  Answer answer(std::size_t k) const override { return worker_.evaluation.answer(first_ + k); }
  std::string confirm(std::size_t k, const Image& image) override {
    worker_.one.clear();
    worker_.one.add(image);
    worker_.alone.evaluate(worker_.one);
    if (worker_.alone.error(0).empty()) worker_.evaluation.replace(first_ + k, worker_.alone);
    return worker_.alone.error(0);
  }

 private:
  Worker& worker_;
  std::size_t first_;
};

}  // namespace

BlockSearch::BlockSearch(const SeedSet& seeds, Block block, const InputSpec& input,
                         const Options& options, const Strategy& strategy, const Limits& limits,
                         BlockListener& listener)
    : seeds_(seeds),
      block_(block),
      options_(options),
      limits_(limits),
      listener_(listener),
      context_{seeds, input, options, strategy, listener},
      result_{std::vector<SeedResult>(block.end - block.begin), {}} {
  const std::size_t slots =
      std::min(block.end - block.begin, kBatchesARound * static_cast<std::size_t>(options.batch()));
  slots_.reserve(slots);
  while (slots_.size() < slots) slots_.emplace_back(context_);
  for (std::size_t i = 0; i < result_.seeds.size(); ++i) {
    result_.seeds[i].position = block.begin + i;
    result_.seeds[i].true_label = seeds.label(block.begin + i).value_or(-1);
  }
}

BlockResult BlockSearch::run(WorkerPool& pool, Worker& worker) {
  const auto batch = static_cast<std::size_t>(options_.batch());
  std::vector<Counts> counts;
  while (!limits_.reached()) {
    choose_next_round(worker);
    if (round_.empty()) break;
    // Parts of nearly equal size, so that workers who share them end together.
    const std::size_t count = round_.size(), parts = (count + batch - 1) / batch;
    counts.assign(parts, {});
    pool.share(parts, worker, [&](std::size_t part, Worker& w) {
      evaluate(count * part / parts, count * (part + 1) / parts, w, counts[part]);
    });
    for (const Counts& part : counts) result_.counts += part;
    report_progress();
  }
  for (Slot& slot : slots_) slot.stop();
  report_progress();
  return std::move(result_);
}

/// All slots with a seed input, after free ones got the next; chains only as far as the budget of
/// queries has room for them.
void BlockSearch::choose_next_round(Worker& worker) {
  round_.clear();
  const bool limited = options_.queries_in_all() > 0;
  std::uint64_t left = limited ? query_budget() - result_.counts.queries : 0;
  ModelGradients gradients(worker.evaluation);
  for (Slot& slot : slots_) {
    // Which may begin to minimise: mutants of a minimiser are no queries.
    if (limited && slot.phase() == SlotPhase::searching &&
        slot.prepare(gradients, result_.counts) && slot.phase() == SlotPhase::searching) {
      if (slot.images().size() > left) continue;
      left -= slot.images().size();
    }
    if (slot.is_free() && next_seed_ < result_.seeds.size()) slot.take(result_.seeds[next_seed_++]);
    if (!slot.is_free()) round_.push_back(&slot);
  }
}

void BlockSearch::evaluate(std::size_t first, std::size_t last, Worker& worker, Counts& counts) {
  const auto limit = static_cast<std::size_t>(options_.batch());
  ModelGradients gradients(worker.evaluation);
  for (std::size_t next = first; next < last;) {
    const std::size_t begin = next;
    worker.batch.clear();
    for (; next < last; ++next) {
      Slot& slot = *round_[next];
      if (!slot.prepare(gradients, counts)) continue;
      // A chain that asks for more than a batch gets one of its own.
      if (worker.batch.size() > 0 && worker.batch.size() + slot.images().size() > limit) break;
      for (const Image& image : slot.images()) worker.batch.add(image);
    }
    if (worker.batch.size() == 0) continue;
    worker.evaluation.evaluate(worker.batch);
    ++counts.batches;
    std::size_t place = 0;  // in the batch
    for (std::size_t i = begin; i < next; ++i) {
      const std::size_t images = round_[i]->images().size();
      if (images == 0) continue;
      BatchAnswers answers(worker, place);
      round_[i]->observe(answers, counts);
      place += images;
    }
  }
}

std::uint64_t BlockSearch::query_budget() const {
  // Each block's share depends on its place alone, whoever searches it.
  const auto share = [this](std::size_t end) {
    const std::uint64_t all = options_.queries_in_all(), n = seeds_.size();
    return all / n * end + all % n * end / n;  // all * end / n, which could overflow
  };
  return share(block_.end) - share(block_.begin);
}

void BlockSearch::report_progress() {
  Progress now;
  now.queries = result_.counts.queries;
  for (const SeedResult& seed : result_.seeds) {
    now.seeds_done += seed.outcome != Outcome::not_begun;
    now.found += deviates(seed.outcome);
  }
  listener_.round_done(now.queries - reported_.queries, now.seeds_done - reported_.seeds_done,
                       now.found - reported_.found);
  reported_ = now;
}

}  // namespace dflare
