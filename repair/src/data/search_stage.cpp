#include "data/search_stage.hpp"

#include <fmt/format.h>

#include "dflare/collecting_sink.hpp"
#include "dflare/error.hpp"

namespace dflare::repair {
namespace {

/// Keeps deviations without the images of their seed inputs.
class Collector : public CollectingSink {
 public:
  using CollectingSink::CollectingSink;
  void deviation(const Deviation& deviation) override {
    CollectingSink::deviation(deviation);
    deviations.at(deviation.position).seed.image = Image();
  }
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
  Collector collector(writer);
  SearchSink* sink = writer;
  if (found != nullptr) sink = &collector;
  SearchResult result = search(original, compressed, seeds, options, sink);
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
    for (auto& [position, deviation] : collector.deviations) found->push_back(std::move(deviation));
  }
  return result;
}

}  // namespace dflare::repair
