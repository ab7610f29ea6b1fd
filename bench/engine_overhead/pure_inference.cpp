#include "pure_inference.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace dflare::bench {
namespace {

/// Full batches, enough that their tensors do not all stay in the processor's caches; and after
/// them as many batches of one image.
constexpr std::size_t most_batches = 16;

}  // namespace

PureInference::PureInference(const gtest::Pair& pair, const Model& original,
                             const Model& compressed, int workers)
    : batch_(static_cast<std::uint64_t>(pair.options.batch())) {
  for (int w = 0; w < workers; ++w) {
    threads_.push_back({bare_model(original), bare_model(compressed)});
  }
  const auto image = [&](std::size_t i) {
    return original.input().fit(pair.seeds.load(i % pair.seeds.size()).image);
  };
  const auto add = [&](const ImageBatch& images) {
    for (Models& own : threads_) {
      own.original->add(images);
      own.compressed->add(images);
    }
  };
  for (std::size_t b = 0; b < most_batches; ++b) {
    ImageBatch images;
    for (std::size_t i = 0; i < batch_; ++i) images.add(image(b * batch_ + i));
    add(images);
  }
  for (std::size_t b = 0; b < most_batches; ++b) {
    ImageBatch one;
    one.add(image(b * batch_));
    add(one);
  }
}

double PureInference::run(std::uint64_t images, std::uint64_t alone) {
  const std::uint64_t batches = (images + batch_ - 1) / batch_;
  std::atomic<std::uint64_t> next{0};
  const auto work = [&](Models& own) {
    for (std::uint64_t i = next++; i < batches + alone; i = next++) {
      const std::size_t input = i % most_batches + (i < batches ? 0 : most_batches);
      own.original->evaluate(input);
      own.compressed->evaluate(input);
    }
  };
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (std::size_t w = 1; w < threads_.size(); ++w)
    threads.emplace_back(work, std::ref(threads_[w]));
  work(threads_[0]);
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace dflare::bench
