// How the search from a seed input ends, and what is kept of it.

#include <utility>

#include "dflare/distances.hpp"
#include "search/engine/minimiser.hpp"
#include "search/engine/slot.hpp"

namespace dflare {

void Slot::keep(const Image& mutant, const Answer& answer, double value) {
  // What a minimiser changes was made before it.
  if (!minimising()) search_.best = std::make_unique<Deviation>();
  Deviation& deviation = *search_.best;
  deviation.position = search_.result->position;
  deviation.seed = search_.seed;
  deviation.mutant = mutant.clone();
  static_cast<OwnedAnswer&>(deviation) = owned(answer);
  static_cast<Measurement&>(deviation) = measurement_of(answer);
  search_.best_value = value;
}

void Slot::describe(std::size_t k) {
  Deviation& deviation = *search_.best;
  if (minimising()) {
    deviation.transformation.reset();
    return;
  }
  deviation.queries = search_.queries;
  deviation.gradients = search_.gradients;
  deviation.paths = search_.chain->paths();
  deviation.history = search_.chain->history(k);
  deviation.transformation = search_.chain->transformation(k);
}

void Slot::finish() {
  const Deviation* best = search_.best.get();
  if (best == nullptr || best->as_it_is || minimising() || !context_.options.minimise())
    return end_with_best(Outcome::not_found);
  phase_ = next_phase(phase_, SlotEvent::chain_over);
  search_.best_value = -distance_by(Distance::l2, search_.seed, best->mutant, {}, {});
  search_.paths = search_.chain->paths();
  search_.chain = make_minimiser(context_.options, search_.seed, best->mutant, best->answer(),
                                 search_.first_scores.answer());
  search_.images.clear();
}

void Slot::end_with_best(Outcome otherwise) {
  if (!search_.best) return end(otherwise);
  SeedResult& result = *search_.result;
  const std::unique_ptr<Deviation> deviation = std::move(search_.best);
  deviation->distances = distances(deviation->seed.image, deviation->mutant);
  result.cut_short = otherwise != Outcome::not_found && !minimising();
  static_cast<Measurement&>(result) = *deviation;
  result.distances = deviation->distances;
  if (goal().objective().by_distance && !deviation->as_it_is)
    result.closeness = goal().distance(deviation->mutant, deviation->transformation);
  end(deviation->as_it_is ? Outcome::as_it_is : Outcome::found);
  context_.listener.deviation(*deviation);
}

void Slot::fail(const Image& image, const std::string& message) {
  Failure failure;
  failure.position = search_.result->position;
  failure.seed_id = context_.seeds.id(failure.position);
  failure.image = image.clone();
  failure.message = message;
  const std::unique_ptr<Deviation> found = std::move(search_.best);
  end(Outcome::error, message);
  if (found) {
    found->distances = distances(found->seed.image, found->mutant);
    context_.listener.deviation(*found);
  }
  context_.listener.failure(failure);
}

void Slot::end(Outcome outcome, const std::string& message) {
  SeedResult& result = *search_.result;
  result.outcome = outcome;
  result.queries = search_.queries;
  result.gradients = search_.gradients;
  result.paths = search_.chain && !minimising() ? search_.chain->paths() : search_.paths;
  if (outcome == Outcome::error || outcome == Outcome::skipped) {
    result.why = std::make_shared<const std::string>(message);
  }
  phase_ = next_phase(phase_, SlotEvent::ended);
  search_ = Search();
}

}  // namespace dflare
