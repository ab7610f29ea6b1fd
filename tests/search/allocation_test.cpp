// In the steady state a search allocates nothing for a mutant, neither on the heap nor as cv::Mat.
// A program of its own, since it replaces operator new.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <opencv2/core/mat.hpp>

#include "dflare/search.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace dflare {
namespace {

/// Counts the matrices that OpenCV's own allocator makes.
class CountingAllocator : public cv::MatAllocator {
 public:
  cv::UMatData* allocate(int dims, const int* sizes, int type, void* data, std::size_t* step,
                         cv::AccessFlag flags, cv::UMatUsageFlags usage) const override {
    ++allocations;
    return cv::Mat::getStdAllocator()->allocate(dims, sizes, type, data, step, flags, usage);
  }
  bool allocate(cv::UMatData* data, cv::AccessFlag access,
                cv::UMatUsageFlags usage) const override {
    return cv::Mat::getStdAllocator()->allocate(data, access, usage);
  }
  void deallocate(cv::UMatData* data) const override {
    cv::Mat::getStdAllocator()->deallocate(data);
  }
};

/// Always sure of its answer, and allocates nothing.
class Constant : public Model {
 public:
  Constant() : Model(spec(), {}) {}
  std::shared_ptr<Model> replicate() const override { return std::make_shared<Constant>(); }

 protected:
  void run(const ImageBatch& images, Scores& answers) override {
    answers.resize(static_cast<int>(images.size()), 2);
    for (int i = 0; i < answers.rows(); ++i) {
      answers.row(i)[0] = 0;
      answers.row(i)[1] = 1;
    }
  }

 private:
  static InputSpec spec() {
    InputSpec spec;
    spec.output = Output::probabilities;
    return spec;
  }
};

std::uint64_t allocations_of(const SeedSet& seeds, const Options& options) {
  Constant original, compressed;
  const std::uint64_t before = allocations;
  search(original, compressed, seeds, options);
  return allocations - before;
}

TEST(Search, AllocatesNothingForAMutant) {
  // The operators' own work: what OpenCV allocates within its filters is its own business.
  MutationSet operators;
  for (const char* name :
       {"gaussian_noise", "salt_and_pepper", "multiplicative_noise", "random_pixels"}) {
    operators.add(*MutationSet::named("dflare").find(name));
  }
  constexpr int seeds = 64;
  const SeedSet images =
      SeedSet::images(std::vector<Image>(seeds, Image(28, 28, CV_8UC1, cv::Scalar(9))));
  const Options options = Options().strategy("dflare").operators(operators).batch(64).workers(1);
  CountingAllocator counting;
  cv::Mat::setDefaultAllocator(&counting);
  const std::uint64_t few = allocations_of(images, Options(options).queries(100));
  const std::uint64_t many = allocations_of(images, Options(options).queries(1100));
  cv::Mat::setDefaultAllocator(nullptr);
  EXPECT_GT(few, std::uint64_t{seeds}) << "nothing was counted";
  // A handful for each batch of 64, and the histories of chains, which grow by doubling.
  const double each = static_cast<double>(many - few) / (1000.0 * seeds);
  EXPECT_LT(each, 0.25);
  RecordProperty("allocations_a_mutant", std::to_string(each));
  std::printf("%.3f allocations a mutant\n", each);
}

}  // namespace
}  // namespace dflare
