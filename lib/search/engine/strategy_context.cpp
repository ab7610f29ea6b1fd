#include "search/engine/strategy_context.hpp"

#include "dflare/error.hpp"
#include "search/engine/evaluation.hpp"

namespace dflare {
namespace {

std::vector<Image> images_of(const SeedSet& seeds, const InputSpec& input) {
  std::vector<Image> images;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    try {
      images.push_back(input.fit(seeds.load(i).image));
    } catch (const Error&) {
    }
  }
  return images;
}

}  // namespace

StrategyContext strategy_context_for(const Strategy& strategy, Model& original, Model& compressed,
                                     const SeedSet& seeds, const Options& options, Counts& counts) {
  StrategyContext context;
  context.original_has_gradients = original.has_gradients();
  context.compressed_has_gradients = compressed.has_gradients();
  context.original_name = original.info().name;
  if (strategy.sample_size() == 0) return context;

  const std::vector<Image> images =
      images_of(seeds.sample(std::min(strategy.sample_size(), seeds.size()), options.rng_seed()),
                original.input());
  PairEvaluation evaluation(original, compressed);
  const auto limit = static_cast<std::size_t>(options.batch());
  ImageBatch batch;
  for (std::size_t begin = 0; begin < images.size(); begin += limit) {
    batch.clear();
    for (std::size_t i = begin; i < std::min(begin + limit, images.size()); ++i)
      batch.add(images[i]);
    evaluation.evaluate(batch);
    counts.sample += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!evaluation.error(i).empty()) continue;
      const Answer answer = evaluation.answer(i);
      context.sample.push_back(
          {images[begin + i], answer.original.copy(), answer.compressed.copy()});
    }
  }
  return context;
}

}  // namespace dflare
