#include "search/engine/slot.hpp"

#include <algorithm>

#include "dflare/distances.hpp"
#include "dflare/error.hpp"

namespace dflare {
namespace {

/// Gradients of models, counted for one slot and in all.
class CountedGradients : public Gradients {
 public:
  CountedGradients(Gradients& models, int& of_the_slot, std::uint64_t& in_all)
      : models_(models), of_the_slot_(of_the_slot), in_all_(in_all) {}

  cv::Mat original(const Image& image, int a, int b) override {
    count();
    return models_.original(image, a, b);
  }
  cv::Mat compressed(const Image& image, int a, int b) override {
    count();
    return models_.compressed(image, a, b);
  }

 private:
  void count() {
    ++of_the_slot_;
    ++in_all_;
  }

  Gradients& models_;
  int& of_the_slot_;
  std::uint64_t& in_all_;
};

bool says(ScoreRow scores, int label) {
  const auto labels = labels_of(scores);
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

}  // namespace

void Slot::take(SeedResult& result) {
  phase_ = next_phase(phase_, SlotEvent::taken);
  search_.result = &result;
}

bool Slot::prepare(Gradients& models, Counts& counts) {
  switch (phase_) {
    case SlotPhase::free:
      return false;
    case SlotPhase::unread:
      return read();
    case SlotPhase::first_look:
      return true;
    case SlotPhase::searching:
    case SlotPhase::minimising:
      break;
  }
  return propose(models, counts);
}

void Slot::observe(SlotAnswers& answers, Counts& counts) {
  if (phase_ == SlotPhase::first_look) {
    observe_first(answers, counts);
  } else {
    observe_mutants(answers, counts);
  }
}

void Slot::stop() {
  if (is_free()) return;
  end_with_best(search_.queries > 0 ? Outcome::partly_searched : Outcome::not_begun);
}

// --- the first look
// -------------------------------------------------------------------------------

bool Slot::read() {
  try {
    search_.seed = context_.seeds.load(search_.result->position);
  } catch (const SeedError& e) {
    if (context_.options.unreadable() == Unreadable::skip) {
      end(Outcome::skipped, e.what());
    } else {
      fail({}, e.what());
    }
    return false;
  }
  try {
    search_.seed.image = context_.input.fit(search_.seed.image);
  } catch (const ModelError& e) {
    fail(search_.seed.image, e.what());
    return false;
  }
  search_.images.push_back(search_.seed.image);
  phase_ = next_phase(phase_, SlotEvent::read);
  return true;
}

void Slot::observe_first(SlotAnswers& answers, Counts& counts) {
  ++counts.first_looks;
  std::string error = answers.error(0);
  if (!error.empty()) return fail(search_.seed.image, error);
  note_first(answers.answer(0));
  const std::optional<int>& label = search_.seed.label;
  if (label && context_.options.misclassified() == Misclassified::skip &&
      !says(answers.answer(0).original, *label)) {
    return end(Outcome::skipped, "misclassified by the original");
  }
  context_.options.criterion().check_classes(answers.answer(0).original.classes);
  if (goal().met(answers.answer(0)) && confirm(0, answers, counts, error)) {
    keep(search_.seed.image, answers.answer(0), goal().severity(answers.answer(0)));
    search_.best->as_it_is = true;
  }
  if (!error.empty()) return fail(search_.seed.image, error);
  if (search_.best && goal().objective().ends_as_it_is) return end_with_best(Outcome::not_found);
  start(answers.answer(0));
}

void Slot::note_first(const Answer& answer) {
  SeedResult& result = *search_.result;
  result.seed_original_label = top_label(answer.original);
  result.seed_compressed_label = top_label(answer.compressed);
  result.seed_agrees = deviation_regret(answer) == 0;
}

void Slot::start(const Answer& first) {
  if (context_.options.minimise())
    search_.first_scores = {{}, first.original.copy(), first.compressed.copy()};
  search_.begun = Clock::now();
  search_.chain = context_.strategy.start(search_.seed, first);
  search_.images.clear();
  phase_ = next_phase(phase_, SlotEvent::looked_at);
}

// --- the chains
// -----------------------------------------------------------------------------------

bool Slot::out_of_time() const {
  const double seconds = context_.options.seconds_per_seed();
  return seconds > 0 &&
         std::chrono::duration<double>(Clock::now() - search_.begun).count() >= seconds;
}

bool Slot::propose(Gradients& models, Counts& counts) {
  if (!search_.images.empty()) return true;
  if (out_of_time()) {
    end_with_best(Outcome::partly_searched);
    return false;
  }
  CountedGradients gradients(models, search_.gradients, counts.gradients);
  while (!is_free()) {
    try {
      search_.chain->propose(search_.images, gradients);
    } catch (const ModelError& e) {
      fail(search_.seed.image, e.what());
      return false;
    }
    if (!search_.images.empty()) return true;
    finish();  // it may go on, with a minimiser
  }
  return false;
}

void Slot::observe_mutants(SlotAnswers& answers, Counts& counts) {
  if (minimising()) {
    counts.minimising += search_.images.size();
  } else {
    search_.queries += static_cast<int>(search_.images.size());
    counts.queries += search_.images.size();
  }
  answers_.clear();
  for (std::size_t k = 0; k < search_.images.size(); ++k) {
    if (!observe_mutant(k, answers, counts)) return;
    answers_.push_back(answers.answer(k));
  }
  search_.chain->observe(answers_);
  search_.images.clear();
}

bool Slot::observe_mutant(std::size_t k, SlotAnswers& answers, Counts& counts) {
  const Image& mutant = search_.images[k];
  std::string error = answers.error(k);
  if (error.empty() && goal().met(answers.answer(k), mutant) && is_better(answers.answer(k), k) &&
      // The batch may flatter a mutant: what counts is its answer alone.
      confirm(k, answers, counts, error) && is_better(answers.answer(k), k)) {
    keep(mutant, answers.answer(k), value_of(answers.answer(k), k));
    describe(k);
    if (goal().objective().ends_at_first && !minimising()) {
      finish();
      return false;
    }
  }
  if (!error.empty()) fail(mutant, error);
  return error.empty();
}

bool Slot::confirm(std::size_t k, SlotAnswers& answers, Counts& counts, std::string& error) const {
  error = answers.confirm(k, search_.images[k]);
  ++counts.confirmations;
  if (!error.empty()) return false;
  if (goal().met(answers.answer(k))) return true;
  ++counts.refuted;
  return false;
}

double Slot::value_of(const Answer& answer, std::size_t k) const {
  const Image& mutant = search_.images[k];
  if (minimising()) return -distance_by(Distance::l2, search_.seed, mutant, {}, {});
  return goal().value(answer, mutant, *search_.chain, k);
}

bool Slot::is_better(const Answer& answer, std::size_t k) const {
  return !search_.best || value_of(answer, k) > search_.best_value;
}

}  // namespace dflare
