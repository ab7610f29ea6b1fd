// The mutation operators and transformations: time for one mutant.

#include "dflare/mutation.hpp"
#include "dflare/transformation.hpp"
#include "images.hpp"

namespace dflare::bench {
namespace {

void mutate(benchmark::State& state, const MutationOperator& op) {
  const Image image = picture(state);
  Image mutant;
  Random random(1);
  for (auto _ : state) benchmark::DoNotOptimize(op.apply(image, mutant, random));
  state.SetItemsProcessed(state.iterations());
}

const bool registered = [] {
  static const MutationSet operators = MutationSet::named("all");
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const MutationOperator& op = operators[i];
    benchmark::RegisterBenchmark(("operator/" + op.name).c_str(), [&op](benchmark::State& state) {
      mutate(state, op);
    })->Apply(usual_shapes);
  }
  return true;
}();

void transformation(benchmark::State& state) {
  const Image image = picture(state);
  Transformation all_kinds{12, 1.5, -0.5, 1.05, 0.1, 1.2, 10, 1};
  for (auto _ : state) {
    ++all_kinds.dither;
    benchmark::DoNotOptimize(all_kinds.apply(image).data);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(transformation)->Apply(usual_shapes);

}  // namespace
}  // namespace dflare::bench
