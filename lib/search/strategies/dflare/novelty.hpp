#pragma once

#include <vector>

#include "dflare/deviation.hpp"

namespace dflare {

/// The states that a chain of `dflare` has been in: both models' probabilities side by side.
class NoveltyStates {
 public:
  /// A state is new if its squared distance to every kept state is above this (the paper's bound).
  static constexpr float kThreshold = 0.5F;

  /// True, and the state is kept, if it is new.
  bool add_if_new(const Answer& answer) {
    const auto classes = static_cast<std::size_t>(answer.original.classes);
    const std::size_t length = 2 * classes;
    // The latest state is the likeliest to be near, so that the search for a near one mostly ends
    // at once.
    for (std::size_t end = states_.size(); end > 0; end -= length) {
      const float* state = states_.data() + (end - length);
      if (squared_distance(state, answer.original.data, classes) +
              squared_distance(state + classes, answer.compressed.data, classes) <=
          kThreshold) {
        return false;
      }
    }
    states_.insert(states_.end(), answer.original.data, answer.original.data + classes);
    states_.insert(states_.end(), answer.compressed.data, answer.compressed.data + classes);
    return true;
  }

 private:
  static float squared_distance(const float* a, const float* b, std::size_t n) {
    float sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  }

  std::vector<float> states_;
};

}  // namespace dflare
