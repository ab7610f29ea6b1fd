// The mutation operators: time for one mutant.

#include "dflare/mutation.hpp"
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

}  // namespace
}  // namespace dflare::bench
