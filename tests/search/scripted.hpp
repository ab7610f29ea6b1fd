#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dflare/search.hpp"
#include "support/fake_models.hpp"

namespace dflare::test {

/// Proposes the same mutants from every seed input, `at_once` together, whatever the answers and
/// constraints. History and paths count the mutants.
class Script : public Chain {
 public:
  Script(std::vector<Image> mutants, std::size_t at_once)
      : mutants_(std::move(mutants)), at_once_(at_once) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    begin_ = next_;
    for (; next_ < std::min(begin_ + at_once_, mutants_.size()); ++next_)
      mutants.push_back(mutants_[next_]);
  }
  void observe(const std::vector<Answer>&) override {}
  std::vector<AppliedOperator> history(std::size_t k) const override {
    return {{"line", static_cast<double>(begin_ + k), ""}};
  }
  int paths() const override { return static_cast<int>(next_); }

 private:
  std::vector<Image> mutants_;
  std::size_t at_once_, begin_ = 0, next_ = 0;
};

class ScriptedStrategy : public Strategy {
 public:
  ScriptedStrategy(std::vector<Image> mutants, std::size_t at_once)
      : mutants_(std::move(mutants)), at_once_(at_once) {}
  std::unique_ptr<Chain> start(const Seed&, const Answer&) const override {
    return std::make_unique<Script>(mutants_, at_once_);
  }

 private:
  std::vector<Image> mutants_;
  std::size_t at_once_;
};

/// Options with a strategy that follows this script.
inline Options scripted(const std::vector<Image>& mutants, std::size_t at_once = 1) {
  static int scripts = 0;
  const std::string name = "script_" + std::to_string(++scripts);
  register_strategy(name, [mutants, at_once](const Options&) {
    return std::make_unique<ScriptedStrategy>(mutants, at_once);
  });
  return Options().strategy(name).workers(1);
}

inline Image flat(int level) {
  return Image(6, 6, CV_8UC1, cv::Scalar(level));
}
inline std::vector<Image> flats(const std::vector<int>& levels) {
  std::vector<Image> images;
  for (const int level : levels) images.push_back(flat(level));
  return images;
}

/// What two models say of an image: 0 if they agree on the first of three classes, else the margin
/// by which they deviate, the compressed model preferring the second.
using Margin = std::function<double(const Image& image, std::size_t place, std::size_t batch_size)>;

/// The margin is so many hundredths as the images' first pixel says beyond 100.
inline double by_level(const Image& image, std::size_t, std::size_t) {
  return std::clamp(image.at<unsigned char>(0, 0) - 100, 0, 100) / 100.0;
}

struct MarginPair {
  explicit MarginPair(const Margin& margin = by_level)
      : original([margin](const Image& image, std::size_t place, std::size_t batch_size) {
          const auto half = static_cast<float>(margin(image, place, batch_size) / 2);
          return half > 0 ? std::vector<float>{0.5F + half, 0.5F - half, 0}
                          : std::vector<float>{0.9F, 0.1F, 0};
        }),
        compressed([margin](const Image& image, std::size_t place, std::size_t batch_size) {
          const auto half = static_cast<float>(margin(image, place, batch_size) / 2);
          return half > 0 ? std::vector<float>{0.5F - half, 0.5F + half, 0}
                          : std::vector<float>{0.9F, 0.1F, 0};
        }) {}

  FakeModel original, compressed;
};

}  // namespace dflare::test
