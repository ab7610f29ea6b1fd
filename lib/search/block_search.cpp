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

BlockSearch::BlockSearch(const SeedSet& seeds, Block block, const InputSpec& input,
                         const Options& options, const Strategy& strategy, const Limits& limits,
                         BlockListener& listener)
    : seeds_(seeds),
      block_(block),
      input_(input),
      options_(options),
      strategy_(strategy),
      limits_(limits),
      listener_(listener),
      places_(std::min(block.end - block.begin,
                       kBatchesARound * static_cast<std::size_t>(options.batch()))),
      result_{std::vector<SeedResult>(block.end - block.begin), {}} {
  for (std::size_t i = 0; i < result_.seeds.size(); ++i)
    result_.seeds[i].position = block.begin + i;
}

BlockResult BlockSearch::run(WorkerPool& pool, Worker& worker) {
  const auto batch = static_cast<std::size_t>(options_.batch());
  std::vector<Counts> counts;
  while (!limits_.reached()) {
    choose_next_round();
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
  end_unfinished();
  report_progress();
  return std::move(result_);
}

/// All places that are taken, after free ones got the next seed inputs; chains only as far as the
/// budget of queries has room for them.
void BlockSearch::choose_next_round() {
  round_.clear();
  const bool limited = options_.queries_in_all() > 0;
  std::uint64_t left = limited ? query_budget() - result_.counts.queries : 0;
  for (Place& place : places_) {
    if (limited && place.chain && propose(place)) {
      if (place.images.size() > left) continue;
      left -= place.images.size();
    }
    if (!place.taken && next_seed_ < result_.seeds.size()) {
      place.taken = true;
      place.index = next_seed_++;
    }
    if (place.taken) round_.push_back(&place);
  }
}

void BlockSearch::evaluate(std::size_t first, std::size_t last, Worker& worker, Counts& counts) {
  const auto limit = static_cast<std::size_t>(options_.batch());
  for (std::size_t next = first; next < last;) {
    const std::size_t begin = next;
    worker.batch.clear();
    for (; next < last; ++next) {
      Place& place = *round_[next];
      if (!prepare(place)) continue;
      // A chain that asks for more than a batch gets one of its own.
      if (worker.batch.size() > 0 && worker.batch.size() + place.images.size() > limit) break;
      place.first = worker.batch.size();
      for (const Image& image : place.images) worker.batch.add(image);
    }
    if (worker.batch.size() == 0) continue;
    worker.evaluation.evaluate(worker.batch);
    ++counts.batches;
    for (std::size_t i = begin; i < next; ++i) {
      Place& place = *round_[i];
      if (place.images.empty()) continue;
      if (place.chain) {
        take_answers(place, worker, counts);
      } else {
        take_first_answer(place, worker, counts);
      }
    }
  }
}

bool BlockSearch::prepare(Place& place) {
  return place.chain ? propose(place) : load(place);
}

// --- the first look
// -------------------------------------------------------------------------------

bool BlockSearch::load(Place& place) {
  if (!place.images.empty()) return true;
  try {
    place.seed = seeds_.load(block_.begin + place.index);
  } catch (const SeedError& e) {
    if (options_.unreadable() == Unreadable::skip) {
      end(place, Outcome::skipped, e.what());
    } else {
      fail(place, {}, e.what());
    }
    return false;
  }
  try {
    place.seed.image = input_.fit(place.seed.image);
  } catch (const ModelError& e) {
    fail(place, place.seed.image, e.what());
    return false;
  }
  place.images.push_back(place.seed.image);
  return true;
}

void BlockSearch::take_first_answer(Place& place, Worker& worker, Counts& counts) {
  PairEvaluation& evaluation = worker.evaluation;
  ++counts.first_looks;
  std::string error = evaluation.error(place.first);
  if (error.empty() && place.seed.label && options_.misclassified() == Misclassified::skip) {
    const auto labels = labels_of(evaluation.answer(place.first).original);
    if (std::find(labels.begin(), labels.end(), *place.seed.label) == labels.end()) {
      return end(place, Outcome::skipped, "misclassified by the original");
    }
  }
  if (error.empty() && deviates(evaluation.answer(place.first))) {
    if (confirm(place.seed.image, worker, counts, error)) {
      return report_deviation(place, place.seed.image, worker, {}, true);
    }
    if (error.empty()) evaluation.replace(place.first, worker.alone);
  }
  if (!error.empty()) return fail(place, place.seed.image, error);
  place.begun = Limits::Clock::now();
  place.chain = strategy_.start(place.seed, evaluation.answer(place.first));
  place.images.clear();
}

// --- the chains
// -----------------------------------------------------------------------------------

bool BlockSearch::propose(Place& place) {
  if (!place.images.empty()) return true;
  if (options_.seconds_per_seed() > 0 &&
      std::chrono::duration<double>(Limits::Clock::now() - place.begun).count() >=
          options_.seconds_per_seed()) {
    end(place, Outcome::partly_searched);
    return false;
  }
  place.chain->propose(place.images);
  if (place.images.empty()) end(place, Outcome::not_found);
  return !place.images.empty();
}

void BlockSearch::take_answers(Place& place, Worker& worker, Counts& counts) {
  place.queries += static_cast<int>(place.images.size());
  counts.queries += place.images.size();
  worker.answers.clear();
  for (std::size_t k = 0; k < place.images.size(); ++k) {
    const std::size_t i = place.first + k;
    std::string error = worker.evaluation.error(i);
    if (error.empty() && deviates(worker.evaluation.answer(i))) {
      if (confirm(place.images[k], worker, counts, error)) {
        return report_deviation(place, place.images[k], worker, place.chain->history(k), false);
      }
      if (error.empty()) worker.evaluation.replace(i, worker.alone);
    }
    if (!error.empty()) return fail(place, place.images[k], error);
    worker.answers.push_back(worker.evaluation.answer(i));
  }
  place.chain->observe(worker.answers);
  place.images.clear();
}

bool BlockSearch::confirm(const Image& image, Worker& worker, Counts& counts, std::string& error) {
  worker.one.clear();
  worker.one.add(image);
  worker.alone.evaluate(worker.one);
  ++counts.confirmations;
  error = worker.alone.error(0);
  if (!error.empty()) return false;
  if (deviates(worker.alone.answer(0))) return true;
  ++counts.refuted;
  return false;
}

std::uint64_t BlockSearch::query_budget() const {
  // Each block's share depends on its place alone, whoever searches it.
  const auto share = [this](std::size_t end) {
    const std::uint64_t all = options_.queries_in_all(), n = seeds_.size();
    return all / n * end + all % n * end / n;  // all * end / n, which could overflow
  };
  return share(block_.end) - share(block_.begin);
}

// --- outcomes
// -------------------------------------------------------------------------------------

void BlockSearch::report_deviation(Place& place, const Image& mutant, Worker& worker,
                                   std::vector<AppliedOperator> history, bool as_it_is) {
  const Answer answer = worker.alone.answer(0);
  Deviation deviation;
  deviation.position = block_.begin + place.index;
  deviation.seed = place.seed;
  deviation.mutant = mutant.clone();
  deviation.as_it_is = as_it_is;
  deviation.queries = place.queries;
  deviation.original_scores = copy_of(answer.original);
  deviation.compressed_scores = copy_of(answer.compressed);
  deviation.original_label = top_label(answer.original);
  deviation.compressed_label = top_label(answer.compressed);
  deviation.margin = deviation_margin(answer);
  deviation.history = std::move(history);
  deviation.distances = distances(deviation.seed.image, deviation.mutant);

  SeedResult& result = result_.seeds[place.index];
  result.original_label = deviation.original_label;
  result.compressed_label = deviation.compressed_label;
  result.original_score = answer.original[deviation.original_label];
  result.compressed_score = answer.compressed[deviation.compressed_label];
  result.margin = deviation.margin;
  result.distances = deviation.distances;
  end(place, as_it_is ? Outcome::as_it_is : Outcome::found);
  listener_.deviation(deviation);
}

void BlockSearch::fail(Place& place, const Image& image, const std::string& message) {
  Failure failure;
  failure.position = block_.begin + place.index;
  failure.seed_id = seeds_.id(failure.position);
  failure.image = image.clone();
  failure.message = message;
  end(place, Outcome::error, message);
  listener_.failure(failure);
}

void BlockSearch::end(Place& place, Outcome outcome, const std::string& message) {
  SeedResult& result = result_.seeds[place.index];
  result.outcome = outcome;
  result.queries = place.queries;
  if (outcome == Outcome::error || outcome == Outcome::skipped) {
    result.why = std::make_shared<const std::string>(message);
  }
  place = Place();
}

/// A budget or a stop came before these seed inputs had an outcome.
void BlockSearch::end_unfinished() {
  for (Place& place : places_) {
    if (place.taken) end(place, place.queries > 0 ? Outcome::partly_searched : Outcome::not_begun);
  }
}

void BlockSearch::report_progress() {
  Progress now;
  now.queries = result_.counts.queries;
  for (const SeedResult& seed : result_.seeds) {
    now.seeds_done += seed.outcome != Outcome::not_begun;
    now.found += seed.outcome == Outcome::found || seed.outcome == Outcome::as_it_is;
  }
  listener_.round_done(now.queries - reported_.queries, now.seeds_done - reported_.seeds_done,
                       now.found - reported_.found);
  reported_ = now;
}

}  // namespace dflare
