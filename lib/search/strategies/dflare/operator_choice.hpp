#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "dflare/random.hpp"

namespace dflare {

/// Chooses the next mutation operator by Metropolis-Hastings: operators are ranked by their success
/// rate (accepted / used), one is proposed uniformly and taken with probability min(1, (1 -
/// p)^(rank - rank of the last)), p = 1 / number of operators (Tian et al., section 3).
class OperatorChoice {
 public:
  OperatorChoice(std::size_t operators, bool metropolis_hastings)
      : used_(operators), accepted_(operators), ranked_(operators), learns_(metropolis_hastings) {
    std::iota(ranked_.begin(), ranked_.end(), std::size_t{0});
  }

  std::size_t next(Random& random) {
    if (!learns_ || !begun_) {
      last_ = propose(random);
      begun_ = true;
      return last_;
    }
    const double keep = 1.0 - 1.0 / static_cast<double>(ranked_.size());
    const double last_rank = rank(last_);
    for (;;) {
      const std::size_t candidate = propose(random);
      const double steps = rank(candidate) - last_rank;
      if (steps <= 0 || random.uniform() < std::pow(keep, steps)) return last_ = candidate;
    }
  }

  /// Says how the operator of the last next() did.
  void record(bool accepted) {
    ++used_[last_];
    if (accepted) ++accepted_[last_];
    if (learns_) rank_last_anew();
  }

 private:
  /// Only its rate has changed; operators of one rate keep their order.
  void rank_last_anew() {
    const double rate = success_rate(last_);
    auto place = std::find(ranked_.begin(), ranked_.end(), last_);
    for (; place != ranked_.begin() && success_rate(place[-1]) < rate; --place)
      std::iter_swap(place, place - 1);
    for (; place + 1 != ranked_.end() && success_rate(place[1]) > rate; ++place)
      std::iter_swap(place, place + 1);
  }
  std::size_t propose(Random& random) const {
    return static_cast<std::size_t>(random.integer(0, static_cast<int>(used_.size()) - 1));
  }
  double rank(std::size_t op) const {
    return static_cast<double>(std::find(ranked_.begin(), ranked_.end(), op) - ranked_.begin());
  }
  double success_rate(std::size_t op) const {
    return used_[op] == 0 ? 0 : static_cast<double>(accepted_[op]) / used_[op];
  }

  std::vector<int> used_, accepted_;
  std::vector<std::size_t> ranked_;
  std::size_t last_ = 0;
  bool learns_;
  bool begun_ = false;
};

}  // namespace dflare
