#include "retest/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

class Collector : public SearchSink {
 public:
  Collector(std::vector<Deviation>* into, SearchSink* next) : into_(into), next_(next) {}
  void deviation(const Deviation& deviation) override {
    if (next_ != nullptr) next_->deviation(deviation);
    if (into_ == nullptr) return;
    into_->push_back(deviation);
    into_->back().mutant = deviation.mutant.clone();
    into_->back().seed.image = Image();
  }
  void failure(const Failure& failure) override {
    if (next_ != nullptr) next_->failure(failure);
  }

 private:
  std::vector<Deviation>* into_;
  SearchSink* next_;
};

void require_no_errors(const SearchResult& result, const SeedSet& seeds) {
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome == Outcome::error) {
      throw ModelError(
          fmt::format("the re-test failed at seed input '{}' of unseen: {}; nothing is written",
                      seeds.id(seed.position), seed.why ? *seed.why : "an error"));
    }
  }
}

}  // namespace

std::optional<Summary> search_unseen(Model& original, const Candidate& candidate, Options options,
                                     const char* what, const Settings& settings,
                                     const OnStage& on_stage, const StopSignal& stop,
                                     std::vector<Deviation>* found, FindingWriter* writer) {
  options.stop(stop).workers(settings.workers);
  const std::string stage =
      fmt::format("searching the unseen seeds ({}), {}", what, candidate.name);
  if (on_stage) {
    options.on_progress([&](const Progress& p) {
      on_stage({stage, p.seeds_done, p.seeds, p.seconds, fmt::format("{} deviate", p.found)});
    });
  }
  Collector collector(found, writer);
  const SearchResult result =
      search(original, *candidate.model, settings.unseen, options, &collector);
  if (writer != nullptr) writer->finish(result);
  require_no_errors(result, settings.unseen);
  if (stop.requested()) throw Interrupted("the re-test was interrupted");
  if (found != nullptr) {
    std::sort(found->begin(), found->end(),
              [](const Deviation& a, const Deviation& b) { return a.position < b.position; });
  }
  return summarise(result);
}

Options first_options(const Settings& settings) {
  return Options().queries(settings.retest.first_queries).rng_seed(settings.search.rng_seed());
}

Options worst_options(const Settings& settings) {
  return first_options(settings).objective(Objective::worst).queries(settings.retest.worst_queries);
}

Options everyday_options(const Settings& settings) {
  return everyday().queries(settings.retest.everyday_queries).rng_seed(settings.search.rng_seed());
}

Options dflare_options(const Settings& settings) {
  return first_options(settings).strategy("dflare").queries(settings.retest.dflare_queries);
}

}  // namespace dflare::repair
