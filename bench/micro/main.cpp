// dflare_bench: how long the parts of the engine take, one by one.

#include <benchmark/benchmark.h>

#include <opencv2/core/utility.hpp>

int main(int argc, char** argv) {
  cv::setNumThreads(1);  // as each worker of a search has one core
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
