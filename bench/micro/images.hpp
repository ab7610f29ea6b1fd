#pragma once

#include <benchmark/benchmark.h>

#include "dflare/image.hpp"
#include "dflare/random.hpp"

namespace dflare::bench {

/// Side and channels of the images to measure with: MNIST's, CIFAR-10's, ImageNet's.
inline void usual_shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"side", "channels"});
  benchmark->Args({28, 1})->Args({32, 3})->Args({224, 3});
}

/// A smooth picture with some noise.
inline Image picture(int side, int channels) {
  Random random(1);
  Image image(side, side, channels == 1 ? CV_8UC1 : CV_8UC3);
  for (int y = 0; y < side; ++y) {
    for (int i = 0; i < side * channels; ++i) {
      image.ptr(y)[i] = static_cast<uchar>((y * 3 + i * 2 + random.integer(0, 20)) % 256);
    }
  }
  return image;
}

inline Image picture(const benchmark::State& state) {
  return picture(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
}

}  // namespace dflare::bench
