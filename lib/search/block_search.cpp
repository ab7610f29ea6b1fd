#include "search/block_search.hpp"

#include <algorithm>
#include <utility>

#include "dflare/distances.hpp"
#include "dflare/error.hpp"

namespace dflare {
namespace {

std::vector<float> copy_of(ScoreRow row) {
  return {row.data, row.data + row.classes};
}

}  // namespace

BlockSearch::BlockSearch(Model& original, Model& compressed, const SeedSet& seeds, Block block,
                         const Options& options, const Strategy& strategy, const Limits& limits,
                         BlockListener& listener)
    : original_(original),
      seeds_(seeds),
      block_(block),
      options_(options),
      strategy_(strategy),
      limits_(limits),
      listener_(listener),
      evaluation_(original, compressed),
      alone_(original, compressed) {}

Answer BlockSearch::Agreed::answer() const {
  return {{original_scores.data(), static_cast<int>(original_scores.size())},
          {compressed_scores.data(), static_cast<int>(compressed_scores.size())}};
}

BlockResult BlockSearch::run() {
  for (std::size_t position = block_.begin; position < block_.end; ++position) {
    SeedResult seed;
    seed.position = position;
    seed.id = seeds_.id(position);
    result_.seeds.push_back(std::move(seed));
  }
  look_at_seeds();
  search_chains();
  end_unfinished();
  report_progress();
  result_.inference_seconds = evaluation_.inference_seconds() + alone_.inference_seconds();
  return std::move(result_);
}

// --- the first look
// -----------------------------------------------------------------------------------------------

void BlockSearch::look_at_seeds() {
  std::vector<std::pair<std::size_t, Seed>> seeds;
  for (std::size_t position = block_.begin; position < block_.end && !limits_.reached();
       ++position) {
    Seed seed;
    if (load(position, seed)) seeds.emplace_back(position, std::move(seed));
    const bool full = seeds.size() == static_cast<std::size_t>(options_.batch());
    if (!seeds.empty() && (full || position + 1 == block_.end)) {
      look_at_batch(seeds);
      seeds.clear();
    }
  }
}

bool BlockSearch::load(std::size_t position, Seed& seed) {
  try {
    seed = seeds_.load(position);
  } catch (const SeedError& e) {
    if (options_.unreadable() == Unreadable::skip) {
      end(position, Outcome::skipped, 0, e.what());
    } else {
      fail(position, seeds_.id(position), {}, e.what(), 0);
    }
    return false;
  }
  try {
    seed.image = original_.input().fit(seed.image);
  } catch (const ModelError& e) {
    fail(position, seed.id, seed.image, e.what(), 0);
    return false;
  }
  return true;
}

void BlockSearch::look_at_batch(std::vector<std::pair<std::size_t, Seed>>& seeds) {
  batch_.clear();
  for (const auto& entry : seeds) batch_.add(entry.second.image);
  evaluation_.evaluate(batch_);
  result_.counts.first_looks += seeds.size();
  ++result_.counts.batches;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    auto& [position, seed] = seeds[i];
    std::string error = evaluation_.error(i);
    bool as_it_is = false;
    if (error.empty() && seed.label && options_.misclassified() == Misclassified::skip) {
      const auto labels = labels_of(evaluation_.answer(i).original);
      if (std::find(labels.begin(), labels.end(), *seed.label) == labels.end()) {
        end(position, Outcome::skipped, 0, "misclassified by the original");
        continue;
      }
    }
    if (error.empty() && deviates(evaluation_.answer(i))) {
      as_it_is = confirm(seed.image, error);
      if (error.empty()) evaluation_.replace(i, alone_);
    }
    if (!error.empty()) {
      fail(position, seed.id, seed.image, error, 0);
      continue;
    }
    const Answer answer = evaluation_.answer(i);
    auto agreed = std::make_unique<Agreed>(
        Agreed{position, std::move(seed), copy_of(answer.original), copy_of(answer.compressed)});
    if (as_it_is) {
      report_deviation(*agreed, agreed->seed.image, 0, {}, true);
    } else {
      waiting_.push_back(std::move(agreed));
    }
  }
  report_progress();
}

// --- the chains
// ---------------------------------------------------------------------------------------------------

void BlockSearch::search_chains() {
  slots_.resize(std::min(waiting_.size(), static_cast<std::size_t>(options_.batch())));
  while (!limits_.reached() && fill_batch()) {
    evaluation_.evaluate(batch_);
    result_.counts.queries += batch_.size();
    ++result_.counts.batches;
    const bool broken = batch_.size() > 1 && evaluation_.all_failed();
    const std::string why = broken ? evaluation_.error(0) : "";
    for (Slot& slot : slots_) {
      if (slot.in_batch) take_answers(slot);
    }
    if (broken) end_all_as_errors(why);
    report_progress();
  }
}

bool BlockSearch::fill_batch() {
  batch_.clear();
  for (Slot& slot : slots_) {
    slot.in_batch = false;
    if (!fill(slot)) continue;
    const bool fits =
        batch_.size() + slot.mutants.size() <= static_cast<std::size_t>(options_.batch());
    // A chain that asks for more than a batch gets one of its own.
    if (!fits && batch_.size() > 0) continue;
    if (result_.counts.queries + batch_.size() + slot.mutants.size() > query_budget()) continue;
    slot.first = batch_.size();
    slot.in_batch = true;
    for (const Image& mutant : slot.mutants) batch_.add(mutant);
  }
  return batch_.size() > 0;
}

/// Makes sure that the slot has mutants to evaluate; false if there is no seed input left for it.
bool BlockSearch::fill(Slot& slot) {
  while (slot.mutants.empty()) {
    if (!slot.chain && !begin_next_chain(slot)) return false;
    if (options_.seconds_per_seed() > 0 &&
        std::chrono::duration<double>(Limits::Clock::now() - slot.begun).count() >=
            options_.seconds_per_seed()) {
      end_chain(slot, Outcome::partly_searched);
      continue;
    }
    slot.chain->propose(slot.mutants);
    if (slot.mutants.empty()) end_chain(slot, Outcome::not_found);
  }
  return true;
}

bool BlockSearch::begin_next_chain(Slot& slot) {
  if (next_waiting_ == waiting_.size()) return false;
  slot.agreed = std::move(waiting_[next_waiting_++]);
  slot.queries = 0;
  slot.begun = Limits::Clock::now();
  slot.chain = strategy_.start(slot.agreed->seed, slot.agreed->answer());
  return true;
}

void BlockSearch::take_answers(Slot& slot) {
  slot.queries += static_cast<int>(slot.mutants.size());
  answers_.clear();
  for (std::size_t k = 0; k < slot.mutants.size(); ++k) {
    const std::size_t place = slot.first + k;
    std::string error = evaluation_.error(place);
    if (error.empty() && deviates(evaluation_.answer(place))) {
      if (confirm(slot.mutants[k], error)) {
        report_deviation(*slot.agreed, slot.mutants[k], slot.queries, slot.chain->history(k),
                         false);
        slot = Slot();
        return;
      }
      if (error.empty()) evaluation_.replace(place, alone_);
    }
    if (!error.empty()) {
      fail(slot.agreed->position, slot.agreed->seed.id, slot.mutants[k], error, slot.queries);
      slot = Slot();
      return;
    }
    answers_.push_back(evaluation_.answer(place));
  }
  slot.chain->observe(answers_);
  slot.mutants.clear();
}

bool BlockSearch::confirm(const Image& image, std::string& error) {
  one_.clear();
  one_.add(image);
  alone_.evaluate(one_);
  ++result_.counts.confirmations;
  error = alone_.error(0);
  if (!error.empty()) return false;
  if (deviates(alone_.answer(0))) return true;
  ++result_.counts.refuted;
  return false;
}

std::uint64_t BlockSearch::query_budget() const {
  if (options_.queries_in_all() == 0) return std::numeric_limits<std::uint64_t>::max();
  // Each block's share depends on its place alone, whoever searches it.
  const auto share = [this](std::size_t end) {
    return options_.queries_in_all() * end / seeds_.size();
  };
  return share(block_.end) - share(block_.begin);
}

// --- outcomes
// -----------------------------------------------------------------------------------------------------

void BlockSearch::report_deviation(const Agreed& agreed, const Image& mutant, int queries,
                                   std::vector<AppliedOperator> history, bool as_it_is) {
  // The last answer of alone_ is that of this mutant.
  const Answer answer = alone_.answer(0);
  Deviation deviation;
  deviation.position = agreed.position;
  deviation.seed = agreed.seed;
  deviation.mutant = mutant.clone();
  deviation.as_it_is = as_it_is;
  deviation.queries = queries;
  deviation.original_scores = copy_of(answer.original);
  deviation.compressed_scores = copy_of(answer.compressed);
  deviation.original_label = top_label(answer.original);
  deviation.compressed_label = top_label(answer.compressed);
  deviation.margin = deviation_margin(answer);
  deviation.history = std::move(history);

  SeedResult& result = result_of(agreed.position);
  result.original_label = deviation.original_label;
  result.compressed_label = deviation.compressed_label;
  result.original_score = answer.original[deviation.original_label];
  result.compressed_score = answer.compressed[deviation.compressed_label];
  result.margin = deviation.margin;
  result.history = deviation.history;
  const Distances apart = distances(deviation.seed.image, deviation.mutant);
  result.l2 = apart.l2;
  result.l_inf = apart.l_inf;
  result.ssim = apart.ssim;
  ++found_;
  end(agreed.position, as_it_is ? Outcome::as_it_is : Outcome::found, queries);
  listener_.deviation(deviation);
}

void BlockSearch::fail(std::size_t position, const std::string& id, const Image& image,
                       const std::string& message, int queries) {
  end(position, Outcome::error, queries, message);
  Failure failure;
  failure.position = position;
  failure.seed_id = id;
  failure.image = image.clone();
  failure.message = message;
  listener_.failure(failure);
}

void BlockSearch::end(std::size_t position, Outcome outcome, int queries,
                      const std::string& message) {
  SeedResult& result = result_of(position);
  result.outcome = outcome;
  result.queries = queries;
  result.message = message;
  ++outcomes_;
}

void BlockSearch::end_chain(Slot& slot, Outcome outcome) {
  end(slot.agreed->position, outcome, slot.queries);
  slot = Slot();
}

/// A budget or a stop came before these chains were done; seeds never begun keep that outcome.
void BlockSearch::end_unfinished() {
  for (Slot& slot : slots_) {
    if (slot.chain)
      end_chain(slot, slot.queries > 0 ? Outcome::partly_searched : Outcome::not_begun);
  }
}

/// A model that fails on every image of a batch is broken; what it would say of the rest is not
/// worth asking.
void BlockSearch::end_all_as_errors(const std::string& message) {
  for (Slot& slot : slots_) {
    if (slot.chain) {
      fail(slot.agreed->position, slot.agreed->seed.id, {}, message, slot.queries);
      slot = Slot();
    }
  }
  for (; next_waiting_ < waiting_.size(); ++next_waiting_) {
    fail(waiting_[next_waiting_]->position, waiting_[next_waiting_]->seed.id, {}, message, 0);
  }
}

void BlockSearch::report_progress() {
  listener_.batch_done(
      result_.counts.queries - std::exchange(reported_queries_, result_.counts.queries),
      outcomes_ - std::exchange(reported_outcomes_, outcomes_),
      found_ - std::exchange(reported_found_, found_));
}

}  // namespace dflare
