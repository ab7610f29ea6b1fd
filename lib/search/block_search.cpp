#include "search/block_search.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "dflare/distances.hpp"
#include "dflare/error.hpp"

namespace dflare {
namespace {

std::vector<float> copy_of(ScoreRow row) {
  return {row.data, row.data + row.classes};
}

ScoreRow row_of(const std::vector<float>& scores) {
  return {scores.data(), static_cast<int>(scores.size())};
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
      places_(block.end - block.begin),
      result_{std::vector<SeedResult>(block.end - block.begin), {}} {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    result_.seeds[i].position = block.begin + i;
    result_.seeds[i].id = seeds.id(block.begin + i);
  }
}

BlockResult BlockSearch::run(WorkerPool& pool, Worker& worker) {
  in_parts(places_.size(), pool, worker,
           [this](std::size_t first, std::size_t last, Worker& w, Counts& counts) {
             look_at(first, last, w, counts);
           });
  report_progress();
  while (!limits_.reached()) {
    const Places places = admitted();
    if (places.empty()) break;
    in_parts(places.size(), pool, worker,
             [this, &places](std::size_t first, std::size_t last, Worker& w, Counts& counts) {
               search_from(places, first, last, w, counts);
             });
    report_progress();
  }
  end_unfinished();
  report_progress();
  return std::move(result_);
}

void BlockSearch::in_parts(
    std::size_t count, WorkerPool& pool, Worker& worker,
    const std::function<void(std::size_t, std::size_t, Worker&, Counts&)>& step) {
  const auto batch = static_cast<std::size_t>(options_.batch());
  const std::size_t parts = (count + batch - 1) / batch;
  std::vector<Counts> counts(parts);
  pool.share(parts, worker, [&](std::size_t part, Worker& w) {
    step(count * part / parts, count * (part + 1) / parts, w, counts[part]);
  });
  for (const Counts& part : counts) result_.counts += part;
}

// --- the first look
// -------------------------------------------------------------------------------

void BlockSearch::look_at(std::size_t first, std::size_t last, Worker& worker, Counts& counts) {
  worker.batch.clear();
  for (std::size_t i = first; i < last; ++i) {
    if (limits_.reached()) return;
    load(places_[i]);
    if (!places_[i].seed.image.empty()) worker.batch.add(places_[i].seed.image);
  }
  if (worker.batch.size() == 0) return;
  worker.evaluation.evaluate(worker.batch);
  counts.first_looks += worker.batch.size();
  ++counts.batches;
  std::size_t in_batch = 0;
  for (std::size_t i = first; i < last; ++i) {
    if (!places_[i].seed.image.empty()) take_first_answer(places_[i], in_batch++, worker, counts);
  }
}

void BlockSearch::load(Place& place) {
  const std::size_t position = block_.begin + index_of(place);
  try {
    place.seed = seeds_.load(position);
  } catch (const SeedError& e) {
    if (options_.unreadable() == Unreadable::skip) {
      end(place, Outcome::skipped, e.what());
    } else {
      fail(place, {}, e.what());
    }
    return;
  }
  try {
    place.seed.image = input_.fit(place.seed.image);
  } catch (const ModelError& e) {
    fail(place, place.seed.image, e.what());
  }
}

void BlockSearch::take_first_answer(Place& place, std::size_t i, Worker& worker, Counts& counts) {
  PairEvaluation& evaluation = worker.evaluation;
  std::string error = evaluation.error(i);
  if (error.empty() && place.seed.label && options_.misclassified() == Misclassified::skip) {
    const auto labels = labels_of(evaluation.answer(i).original);
    if (std::find(labels.begin(), labels.end(), *place.seed.label) == labels.end()) {
      return end(place, Outcome::skipped, "misclassified by the original");
    }
  }
  if (error.empty() && deviates(evaluation.answer(i))) {
    if (confirm(place.seed.image, worker, counts, error)) {
      return report_deviation(place, place.seed.image, worker, {}, true);
    }
    if (error.empty()) evaluation.replace(i, worker.alone);
  }
  if (!error.empty()) return fail(place, place.seed.image, error);
  const Answer answer = evaluation.answer(i);
  place.original_scores = copy_of(answer.original);
  place.compressed_scores = copy_of(answer.compressed);
  place.begun = Limits::Clock::now();
  place.chain =
      strategy_.start(place.seed, {row_of(place.original_scores), row_of(place.compressed_scores)});
}

// --- the chains
// -----------------------------------------------------------------------------------

/// The chains of the next round: all that go on, or as many as the budget of queries has room for.
BlockSearch::Places BlockSearch::admitted() {
  Places places;
  const bool limited = options_.queries_in_all() > 0;
  std::uint64_t left = limited ? query_budget() - result_.counts.queries : 0;
  for (Place& place : places_) {
    if (!place.chain) continue;
    if (limited) {
      if (!propose(place) || place.mutants.size() > left) continue;
      left -= place.mutants.size();
    }
    places.push_back(&place);
  }
  return places;
}

void BlockSearch::search_from(const Places& places, std::size_t first, std::size_t last,
                              Worker& worker, Counts& counts) {
  const auto limit = static_cast<std::size_t>(options_.batch());
  for (std::size_t next = first; next < last;) {
    const std::size_t begin = next;
    worker.batch.clear();
    for (; next < last; ++next) {
      Place& place = *places[next];
      if (!propose(place)) continue;
      // A chain that asks for more than a batch gets one of its own.
      if (worker.batch.size() > 0 && worker.batch.size() + place.mutants.size() > limit) break;
      place.first = worker.batch.size();
      for (const Image& mutant : place.mutants) worker.batch.add(mutant);
    }
    if (worker.batch.size() == 0) continue;
    worker.evaluation.evaluate(worker.batch);
    counts.queries += worker.batch.size();
    ++counts.batches;
    for (std::size_t i = begin; i < next; ++i) {
      if (!places[i]->mutants.empty()) take_answers(*places[i], worker, counts);
    }
  }
}

/// Makes sure that the chain has mutants to evaluate; false if it ended instead.
bool BlockSearch::propose(Place& place) {
  if (!place.mutants.empty()) return true;
  if (options_.seconds_per_seed() > 0 &&
      std::chrono::duration<double>(Limits::Clock::now() - place.begun).count() >=
          options_.seconds_per_seed()) {
    end(place, Outcome::partly_searched);
    return false;
  }
  place.chain->propose(place.mutants);
  if (place.mutants.empty()) end(place, Outcome::not_found);
  return !place.mutants.empty();
}

void BlockSearch::take_answers(Place& place, Worker& worker, Counts& counts) {
  place.queries += static_cast<int>(place.mutants.size());
  worker.answers.clear();
  for (std::size_t k = 0; k < place.mutants.size(); ++k) {
    const std::size_t i = place.first + k;
    std::string error = worker.evaluation.error(i);
    if (error.empty() && deviates(worker.evaluation.answer(i))) {
      if (confirm(place.mutants[k], worker, counts, error)) {
        return report_deviation(place, place.mutants[k], worker, place.chain->history(k), false);
      }
      if (error.empty()) worker.evaluation.replace(i, worker.alone);
    }
    if (!error.empty()) return fail(place, place.mutants[k], error);
    worker.answers.push_back(worker.evaluation.answer(i));
  }
  place.chain->observe(worker.answers);
  place.mutants.clear();
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
  deviation.position = block_.begin + index_of(place);
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

  SeedResult& result = result_.seeds[index_of(place)];
  result.original_label = deviation.original_label;
  result.compressed_label = deviation.compressed_label;
  result.original_score = answer.original[deviation.original_label];
  result.compressed_score = answer.compressed[deviation.compressed_label];
  result.margin = deviation.margin;
  result.history = deviation.history;
  result.distances = deviation.distances;
  end(place, as_it_is ? Outcome::as_it_is : Outcome::found);
  listener_.deviation(deviation);
}

void BlockSearch::fail(Place& place, const Image& image, const std::string& message) {
  Failure failure;
  failure.position = block_.begin + index_of(place);
  failure.seed_id = result_.seeds[index_of(place)].id;
  failure.image = image.clone();
  failure.message = message;
  end(place, Outcome::error, message);
  listener_.failure(failure);
}

/// Releases what the place holds: a block's memory shrinks as its chains end.
void BlockSearch::end(Place& place, Outcome outcome, const std::string& message) {
  SeedResult& result = result_.seeds[index_of(place)];
  result.outcome = outcome;
  result.queries = place.queries;
  result.message = message;
  place = Place();
}

/// A budget or a stop came before these chains were done.
void BlockSearch::end_unfinished() {
  for (Place& place : places_) {
    if (place.chain) end(place, place.queries > 0 ? Outcome::partly_searched : Outcome::not_begun);
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
