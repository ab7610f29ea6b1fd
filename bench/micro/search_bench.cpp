// What strategies do for each query: `dflare` beside making the mutant, `boundary` in all.

#include <benchmark/benchmark.h>

#include <limits>
#include <vector>

#include "dflare/strategy.hpp"
#include "images.hpp"
#include "search/strategies/dflare/novelty.hpp"
#include "search/strategies/dflare/operator_choice.hpp"
#include "support/no_gradients.hpp"

namespace dflare::bench {
namespace {

std::vector<float> certain_of(int label, int classes) {
  std::vector<float> scores(static_cast<std::size_t>(classes), 0.0F);
  scores[static_cast<std::size_t>(label)] = 1;
  return scores;
}

/// A state that is like the first of `states`, so that all are looked at.
void novelty_state(benchmark::State& state) {
  const int states = static_cast<int>(state.range(0)), classes = static_cast<int>(state.range(1));
  NoveltyStates novelty;
  for (int s = 0; s < states; ++s) {
    const auto original = certain_of(s % classes, classes),
               compressed = certain_of(s / classes % classes, classes);
    novelty.add_if_new({{original.data(), classes}, {compressed.data(), classes}});
  }
  const auto scores = certain_of(0, classes);
  const Answer known{{scores.data(), classes}, {scores.data(), classes}};
  for (auto _ : state) benchmark::DoNotOptimize(novelty.add_if_new(known));
}
BENCHMARK(novelty_state)
    ->ArgNames({"states", "classes"})
    ->Args({1, 10})
    ->Args({10, 10})
    ->Args({100, 10})
    ->Args({10, 1000});

void metropolis_hastings_choice(benchmark::State& state) {
  OperatorChoice choice(static_cast<std::size_t>(state.range(0)), true);
  Random random(1);
  std::uint64_t n = 0;
  for (auto _ : state) {
    const std::size_t op = choice.next(random);
    choice.record(++n % (op + 2) == 0);
  }
}
BENCHMARK(metropolis_hastings_choice)->ArgName("operators")->Arg(7)->Arg(14);

/// With a pair that changes its mind from one query to the next, so that paths are drawn, followed
/// and left.
void boundary_query(benchmark::State& state) {
  const auto strategy =
      make_strategy(Options().path(PathKind::transform).queries(std::numeric_limits<int>::max()));
  strategy->prepare({});
  constexpr int classes = 10;
  const std::vector<float> near = {0.4F, 0.25F, 0.35F, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<float> beyond = {0.3F, 0.26F, 0.44F, 0, 0, 0, 0, 0, 0, 0};
  const Answer answers[] = {{{beyond.data(), classes}, {beyond.data(), classes}},
                            {{near.data(), classes}, {near.data(), classes}}};
  const auto chain = strategy->start({"seed", picture(state), {}}, answers[1]);
  test::NoGradients gradients;
  std::vector<Image> mutants;
  std::size_t n = 0;
  for (auto _ : state) {
    mutants.clear();
    chain->propose(mutants, gradients);
    chain->observe({answers[n++ % 2]});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(boundary_query)->Apply(usual_shapes);

}  // namespace
}  // namespace dflare::bench
