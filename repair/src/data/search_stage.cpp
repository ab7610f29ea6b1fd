#include "data/search_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

/// Hands deviations on, and keeps them without the images of their seed inputs.
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

}  // namespace

SearchResult SearchStage::run(Model& original, Model& compressed, const SeedSet& seeds,
                              Options options) const {
  options.stop(stop).workers(workers);
  if (on_stage) {
    options.on_progress([this](const Progress& p) {
      on_stage({name, p.seeds_done, p.seeds, p.seconds, fmt::format("{} deviate", p.found)});
    });
  }
  Collector collector(found, writer);
  SearchResult result = search(original, compressed, seeds, options, &collector);
  if (on_stage) {
    for (const std::string& remark : result.remarks) on_stage({"note: " + remark, 0, 0, 0, ""});
  }
  if (writer != nullptr) writer->finish(result);
  for (const SeedResult& seed : result.seeds) {
    if (seed.outcome != Outcome::error) continue;
    throw ModelError(fmt::format("{}: seed input '{}': {}; nothing is written", name,
                                 seeds.id(seed.position), seed.why ? *seed.why : "an error"));
  }
  if (stop.requested()) throw Interrupted("interrupted while " + name);
  if (found != nullptr) {
    std::sort(found->begin(), found->end(),
              [](const Deviation& a, const Deviation& b) { return a.position < b.position; });
  }
  return result;
}

}  // namespace dflare::repair
