#include <algorithm>

#include "dflare/random.hpp"
#include "judging/ranking.hpp"
#include "mutation/extents.hpp"
#include "search/ascent/archive.hpp"
#include "search/ascent/ascent.hpp"

namespace dflare {
namespace {

constexpr std::size_t kBest = 12;
constexpr double kDraws = 0.4;        // share of the queries that are draws at random
constexpr double kLowestShare = 0.6;  // of a draw
constexpr double kStep = 0.3;         // of a range
constexpr std::size_t kFewBest = 3;   // that are changed

class RangeAscent : public Chain {
 public:
  RangeAscent(const Options& options, const Seed& seed, const Answer& first)
      : options_(options),
        seed_(seed),
        rank_(options_, seed_, first),
        extents_(options.ranges(), size_of(seed.image)),
        random_(stream_key(options.rng_seed(), seed.id)),
        draws_(std::max(1, static_cast<int>(kDraws * options.queries()))),
        best_(kBest) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    for (int tries = 0; asked_ < options_.queries() && tries < kMostTries; ++tries) {
      shares_ = asked_ < draws_ || best_.size() == 0 ? extents_.draw_all(random_, kLowestShare)
                                                     : changed();
      transformation_ = extents_.transformation(shares_);
      const Image mutant = transformation_.apply(seed_.image);
      if (!options_.constraints().allow(seed_.image, mutant)) continue;
      ++asked_;
      mutants.push_back(mutant);
      return;
    }
  }

  void observe(const std::vector<Answer>& answers) override {
    best_.add(rank_(answers.front()), shares_);
  }

  std::vector<AppliedOperator> history(std::size_t) const override { return {}; }
  std::optional<Transformation> transformation(std::size_t) const override {
    return transformation_;
  }
  int paths() const override { return asked_; }

 private:
  static constexpr int kMostTries = 1000;  // in a row that the constraints refuse

  /// One of the best, moved towards another and a little aside.
  Shares changed() {
    const auto pick = [this](std::size_t among) {
      return static_cast<std::size_t>(
          random_.integer(0, static_cast<int>(std::min(among, best_.size())) - 1));
    };
    Shares shares = best_[pick(kFewBest)];
    const Shares& other = best_[pick(kBest)];
    const double along = random_.uniform(-0.3, 0.6);
    const double step = kStep * random_.uniform();
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!extents_.has(i)) continue;
      shares[i] += along * (other[i] - shares[i]) + step * random_.normal();
      shares[i] = std::clamp(shares[i], -1.0, 1.0);
    }
    return shares;
  }

  const Options& options_;
  Seed seed_;
  Ranking rank_;
  Extents extents_;
  Random random_;
  int asked_ = 0, draws_;
  Archive<Shares> best_;
  Shares shares_{};
  Transformation transformation_;
};

}  // namespace

std::unique_ptr<Chain> make_range_ascent(const Options& options, const Seed& seed,
                                         const Answer& first) {
  return std::make_unique<RangeAscent>(options, seed, first);
}

}  // namespace dflare
