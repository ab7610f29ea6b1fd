#include "search/engine/block_search.hpp"

#include <algorithm>
#include <utility>

#include "dflare/distances.hpp"
#include "dflare/error.hpp"
#include "search/engine/minimiser.hpp"

namespace dflare {
namespace {

/// A worker's models, as one place's chain gets their gradients.
class CountedGradients : public Gradients {
 public:
  CountedGradients(PairEvaluation& models, int& of_the_place, std::uint64_t& in_all)
      : models_(models), of_the_place_(of_the_place), in_all_(in_all) {}

  cv::Mat original(const Image& image, int a, int b) override {
    count();
    return models_.original().gradient(image, a, b);
  }
  cv::Mat compressed(const Image& image, int a, int b) override {
    count();
    return models_.compressed().gradient(image, a, b);
  }

 private:
  void count() {
    ++of_the_place_;
    ++in_all_;
  }

  PairEvaluation& models_;
  int& of_the_place_;
  std::uint64_t& in_all_;
};

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
  end_unfinished();
  report_progress();
  return std::move(result_);
}

/// All places that are taken, after free ones got the next seed inputs; chains only as far as the
/// budget of queries has room for them.
void BlockSearch::choose_next_round(Worker& worker) {
  round_.clear();
  const bool limited = options_.queries_in_all() > 0;
  std::uint64_t left = limited ? query_budget() - result_.counts.queries : 0;
  for (Place& place : places_) {
    // Which may begin to minimise: mutants of a minimiser are no queries.
    if (limited && place.chain && !place.minimising && propose(place, worker, result_.counts) &&
        !place.minimising) {
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
      if (!prepare(place, worker, counts)) continue;
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

bool BlockSearch::prepare(Place& place, Worker& worker, Counts& counts) {
  return place.chain ? propose(place, worker, counts) : load(place);
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
  if (error.empty()) note_first_answer(place, evaluation.answer(place.first));
  if (error.empty() && place.seed.label && options_.misclassified() == Misclassified::skip) {
    const auto labels = labels_of(evaluation.answer(place.first).original);
    if (std::find(labels.begin(), labels.end(), *place.seed.label) == labels.end()) {
      return end(place, Outcome::skipped, "misclassified by the original");
    }
  }
  if (error.empty()) options_.criterion().check_classes(evaluation.classes());
  const Goal goal(options_, place.seed);
  if (error.empty() && goal.met(evaluation.answer(place.first))) {
    if (confirm(place, place.seed.image, worker, counts, error)) {
      keep(place, place.seed.image, goal.severity(worker.alone.answer(0)), worker);
      place.best->as_it_is = true;
    }
    if (error.empty()) evaluation.replace(place.first, worker.alone);
  }
  if (!error.empty()) return fail(place, place.seed.image, error);
  // Nothing is closer to the seed input than itself, but something may be worse.
  if (place.best && options_.objective() != Objective::worst)
    return end_with_best(place, Outcome::not_found);
  const Answer first = evaluation.answer(place.first);
  if (options_.minimise())
    place.first_scores = {{}, first.original.copy(), first.compressed.copy()};
  place.begun = Limits::Clock::now();
  place.chain = strategy_.start(place.seed, evaluation.answer(place.first));
  place.images.clear();
}

void BlockSearch::note_first_answer(const Place& place, const Answer& answer) {
  SeedResult& result = result_.seeds[place.index];
  result.seed_original_label = top_label(answer.original);
  result.seed_compressed_label = top_label(answer.compressed);
  result.seed_agrees = deviation_regret(answer) == 0;
}

// --- the chains
// -----------------------------------------------------------------------------------

bool BlockSearch::propose(Place& place, Worker& worker, Counts& counts) {
  if (!place.images.empty()) return true;
  if (options_.seconds_per_seed() > 0 &&
      std::chrono::duration<double>(Limits::Clock::now() - place.begun).count() >=
          options_.seconds_per_seed()) {
    end_with_best(place, Outcome::partly_searched);
    return false;
  }
  CountedGradients gradients(worker.evaluation, place.gradients, counts.gradients);
  try {
    place.chain->propose(place.images, gradients);
    if (place.images.empty()) {
      finish(place);
      // It may go on, with a minimiser.
      if (place.taken) place.chain->propose(place.images, gradients);
      if (place.taken && place.images.empty()) finish(place);
    }
  } catch (const ModelError& e) {
    fail(place, place.seed.image, e.what());
  }
  return !place.images.empty();
}

void BlockSearch::take_answers(Place& place, Worker& worker, Counts& counts) {
  if (place.minimising) {
    counts.minimising += place.images.size();
  } else {
    place.queries += static_cast<int>(place.images.size());
    counts.queries += place.images.size();
  }
  const Goal goal(options_, place.seed);
  worker.answers.clear();
  for (std::size_t k = 0; k < place.images.size(); ++k) {
    const std::size_t i = place.first + k;
    std::string error = worker.evaluation.error(i);
    if (error.empty() && goal.met(worker.evaluation.answer(i), place.images[k])) {
      const auto better = [&](const Answer& answer) {
        return !place.best || value_of(place, answer, k) > place.best_value;
      };
      if (better(worker.evaluation.answer(i))) {
        // The batch may flatter a mutant: what counts is its answer alone.
        if (confirm(place, place.images[k], worker, counts, error) &&
            better(worker.alone.answer(0))) {
          keep(place, place.images[k], value_of(place, worker.alone.answer(0), k), worker);
          describe(place, k);
          if (goal.ends_at_first() && !place.minimising) return finish(place);
        }
        if (error.empty()) worker.evaluation.replace(i, worker.alone);
      }
    }
    if (!error.empty()) return fail(place, place.images[k], error);
    worker.answers.push_back(worker.evaluation.answer(i));
  }
  place.chain->observe(worker.answers);
  place.images.clear();
}

bool BlockSearch::confirm(const Place& place, const Image& image, Worker& worker, Counts& counts,
                          std::string& error) {
  worker.one.clear();
  worker.one.add(image);
  worker.alone.evaluate(worker.one);
  ++counts.confirmations;
  error = worker.alone.error(0);
  if (!error.empty()) return false;
  if (Goal(options_, place.seed).met(worker.alone.answer(0))) return true;
  ++counts.refuted;
  return false;
}

double BlockSearch::value_of(const Place& place, const Answer& answer, std::size_t k) const {
  if (place.minimising) return -distance_by(Distance::l2, place.seed, place.images[k], {}, {});
  switch (options_.objective()) {
    case Objective::first:
      return 0;
    case Objective::closest:
      return -distance_by(options_.closest_by(), place.seed, place.images[k],
                          place.chain->transformation(k), options_.ranges());
    case Objective::worst:
      break;
  }
  return Goal(options_, place.seed).severity(answer);
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

void BlockSearch::keep(Place& place, const Image& mutant, double value, Worker& worker) {
  const Answer answer = worker.alone.answer(0);
  // What a minimiser changes was made before it.
  if (!place.minimising) place.best = std::make_unique<Deviation>();
  Deviation& deviation = *place.best;
  deviation.position = block_.begin + place.index;
  deviation.seed = place.seed;
  deviation.mutant = mutant.clone();
  static_cast<OwnedAnswer&>(deviation) = owned(answer);
  static_cast<Measurement&>(deviation) = measurement_of(answer);
  place.best_value = value;
}

void BlockSearch::describe(Place& place, std::size_t k) {
  Deviation& deviation = *place.best;
  if (place.minimising) {
    deviation.transformation.reset();
    return;
  }
  deviation.queries = place.queries;
  deviation.gradients = place.gradients;
  deviation.paths = place.chain->paths();
  deviation.history = place.chain->history(k);
  deviation.transformation = place.chain->transformation(k);
}

void BlockSearch::finish(Place& place) {
  if (!place.best || place.best->as_it_is || place.minimising || !options_.minimise()) {
    return end_with_best(place, Outcome::not_found);
  }
  place.minimising = true;
  place.best_value = -distance_by(Distance::l2, place.seed, place.best->mutant, {}, {});
  place.paths = place.chain->paths();
  place.chain = make_minimiser(options_, place.seed, place.best->mutant, place.best->answer(),
                               place.first_scores.answer());
  place.images.clear();
}

void BlockSearch::end_with_best(Place& place, Outcome otherwise) {
  if (!place.best) return end(place, otherwise);
  SeedResult& result = result_.seeds[place.index];
  const std::unique_ptr<Deviation> deviation = std::move(place.best);
  deviation->distances = distances(deviation->seed.image, deviation->mutant);
  result.cut_short = otherwise != Outcome::not_found && !place.minimising;
  static_cast<Measurement&>(result) = *deviation;
  result.distances = deviation->distances;
  if (options_.objective() == Objective::closest && !deviation->as_it_is)
    result.closeness = distance_by(options_.closest_by(), deviation->seed, deviation->mutant,
                                   deviation->transformation, options_.ranges());
  end(place, deviation->as_it_is ? Outcome::as_it_is : Outcome::found);
  listener_.deviation(*deviation);
}

void BlockSearch::fail(Place& place, const Image& image, const std::string& message) {
  Failure failure;
  failure.position = block_.begin + place.index;
  failure.seed_id = seeds_.id(failure.position);
  failure.image = image.clone();
  failure.message = message;
  const std::unique_ptr<Deviation> found = std::move(place.best);
  end(place, Outcome::error, message);
  if (found) {
    found->distances = distances(found->seed.image, found->mutant);
    listener_.deviation(*found);
  }
  listener_.failure(failure);
}

void BlockSearch::end(Place& place, Outcome outcome, const std::string& message) {
  SeedResult& result = result_.seeds[place.index];
  result.outcome = outcome;
  result.queries = place.queries;
  result.gradients = place.gradients;
  result.paths = place.chain && !place.minimising ? place.chain->paths() : place.paths;
  if (outcome == Outcome::error || outcome == Outcome::skipped) {
    result.why = std::make_shared<const std::string>(message);
  }
  place = Place();
}

/// A budget or a stop came before these seed inputs had an outcome.
void BlockSearch::end_unfinished() {
  for (Place& place : places_) {
    if (!place.taken) continue;
    end_with_best(place, place.queries > 0 ? Outcome::partly_searched : Outcome::not_begun);
  }
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
