// 8-bit images to the float batch that a model is fed: time for a batch of 32.

#include "dflare/model.hpp"
#include "images.hpp"

namespace dflare::bench {
namespace {

void convert(benchmark::State& state, Layout layout) {
  constexpr int images = 32;
  InputSpec spec;
  spec.layout = layout;
  spec.mean = {0.485F};
  spec.stddev = {0.229F};
  const Image image = picture(state);
  ImageBatch batch;
  for (auto _ : state) {
    batch.clear();
    for (int i = 0; i < images; ++i) batch.add(image);
    benchmark::DoNotOptimize(batch.floats(spec).data);
  }
  state.SetItemsProcessed(state.iterations() * images);
}

BENCHMARK_CAPTURE(convert, nchw, Layout::nchw)->Apply(usual_shapes);
BENCHMARK_CAPTURE(convert, nhwc, Layout::nhwc)->Apply(usual_shapes);

}  // namespace
}  // namespace dflare::bench
