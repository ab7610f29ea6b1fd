#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "dflare/search.hpp"
#include "judging/goal.hpp"
#include "search/engine/block_listener.hpp"
#include "search/engine/slot_phase.hpp"

namespace dflare {

/// What the slots of a block have in common.
struct SlotContext {
  const SeedSet& seeds;
  const InputSpec& input;
  const Options& options;
  const Strategy& strategy;
  BlockListener& listener;
};

/// The answers to the images of a slot.
class SlotAnswers {
 public:
  virtual ~SlotAnswers() = default;
  /// Why the k-th image has no answer; empty if it has one.
  virtual std::string error(std::size_t k) const = 0;
  virtual Answer answer(std::size_t k) const = 0;
  /// Evaluates the k-th image once more, alone: that is its answer from then on. Why it has none;
  /// empty if it has one.
  virtual std::string confirm(std::size_t k, const Image& image) = 0;
};

/// The search from one seed input after another: a seed input's image is looked at, then its
/// chain's mutants are, then a minimiser's, until it has an outcome. It evaluates nothing: who
/// drives it has its images evaluated and hands it the answers.
class Slot {
 public:
  explicit Slot(const SlotContext& context) : context_(context) {}

  SlotPhase phase() const { return phase_; }
  bool is_free() const { return phase_ == SlotPhase::free; }
  /// To be evaluated next: the seed's, or the mutants of its chain. None where it is free.
  const std::vector<Image>& images() const { return search_.images; }

  /// Takes the seed input at the result's position, and will write its outcome there.
  void take(SeedResult& result);
  /// Makes sure that there are images to evaluate; false if the seed input got an outcome instead.
  bool prepare(Gradients& models, Counts& counts);
  /// The answers to images().
  void observe(SlotAnswers& answers, Counts& counts);
  /// A budget or a stop comes before the seed input, if there is one, has an outcome.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  /// From one seed input.
  struct Search {
    SeedResult* result = nullptr;
    Seed seed;
    std::unique_ptr<Chain> chain;  // the minimiser while minimising
    std::vector<Image> images;
    int queries = 0, gradients = 0, paths = 0;
    std::unique_ptr<Deviation> best;  // confirmed
    double best_value = 0;            // what the objective makes large
    SampleSeed first_scores;          // of the seed input, for a minimiser
    Clock::time_point begun;
  };

  bool minimising() const { return phase_ == SlotPhase::minimising; }
  Goal goal() const { return {context_.options, search_.seed}; }

  bool read();
  bool propose(Gradients& models, Counts& counts);
  void observe_first(SlotAnswers& answers, Counts& counts);
  void observe_mutants(SlotAnswers& answers, Counts& counts);
  /// Looks at the k-th answer; false if the search from the seed input has gone on or ended.
  bool observe_mutant(std::size_t k, SlotAnswers& answers, Counts& counts);
  void note_first(const Answer& answer);
  void start(const Answer& first);
  bool out_of_time() const;

  /// Evaluates alone; true if the criterion is still met. `error` is set where a model failed.
  bool confirm(std::size_t k, SlotAnswers& answers, Counts& counts, std::string& error) const;
  /// What the objective makes large, of the k-th mutant.
  double value_of(const Answer& answer, std::size_t k) const;
  bool is_better(const Answer& answer, std::size_t k) const;
  /// Makes a confirmed image the best.
  void keep(const Image& mutant, const Answer& answer, double value);
  /// Notes how the best one, the k-th mutant, was made.
  void describe(std::size_t k);

  /// The chain has ended: minimises what it found, or ends.
  void finish();
  void fail(const Image& image, const std::string& message);
  void end(Outcome outcome, const std::string& message = "");
  /// `otherwise` is the outcome where nothing was found.
  void end_with_best(Outcome otherwise);

  const SlotContext& context_;
  SlotPhase phase_ = SlotPhase::free;
  Search search_;
  std::vector<Answer> answers_;  // for the chain; its memory is used again and again
};

}  // namespace dflare
