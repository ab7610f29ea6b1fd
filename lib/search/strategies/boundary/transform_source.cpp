#include <algorithm>

#include "search/strategies/boundary/source.hpp"
#include "search/strategies/boundary/transform_path.hpp"

namespace dflare {
namespace {

constexpr double kLowestShare = 0.5;
constexpr int kMostSiblings = 3;                // of one draw
constexpr double kAside = 0.1;                  // of a range, from one sibling to the next
constexpr double kGrowth = 1.15, kLargest = 2;  // of wide ranges, where the original stands firm

class TransformSource : public BracketSource {
 public:
  explicit TransformSource(ChainContext& chain)
      : chain_(chain), extents_(chain.options.ranges(), size_of(chain.seed.image)) {}

  Step next(Gradients&) override {
    if (bracket_) return give(bracket_);
    ++paths_;
    if (ended_) return sibling();
    draw();
    return {std::nullopt, path_->at(end_)};
  }

  void observe(const Answer&, const Values& values) override {
    const bool gives_way = values.sum() < 0;
    // Ranges that somebody gave are kept to.
    if (!gives_way && !chain_.options.ranges().any())
      growth_ = std::min(growth_ * kGrowth, kLargest);
    if (!gives_way) return;
    growth_ = 1;
    bracket_.emplace(Bracket{std::move(path_), {0, chain_.first}, {end_, values}});
  }

  void skip() override { path_.reset(); }

  std::vector<AppliedOperator> history() const override { return {}; }
  std::optional<Transformation> transformation() const override {
    return path_->transformation(end_);
  }

  void ended(Bracket bracket, double t) override {
    if (siblings_ == kMostSiblings) {
      siblings_ = 0;
      return;
    }
    ended_ = {bracket.high, t};
  }

 private:
  /// Nearly the path that ended: its root is nearly known, and so nearly costs nothing to find.
  Step sibling() {
    ++siblings_;
    Shares shares = shares_;
    for (double& share : shares) {
      if (share != 0)
        share = std::clamp(share + chain_.random.uniform(-kAside, kAside), -growth_at_, growth_at_);
    }
    follow(shares);
    Step step;
    step.bracket.emplace(
        Bracket{std::move(path_), {0, chain_.first}, ended_->first, ended_->second});
    ended_.reset();
    return step;
  }

  void follow(const Shares& shares) {
    path_ = std::make_unique<TransformPath>(chain_.seed.image, extents_, shares, chain_.new_key());
  }

  void draw() {
    shares_ = extents_.draw(chain_.random, kLowestShare);
    for (double& share : shares_) share *= growth_;
    growth_at_ = growth_;
    follow(shares_);
    end_ = allowed_length(*path_, 1, chain_.seed.image, chain_.options.constraints());
  }

  ChainContext& chain_;
  Extents extents_;
  Shares shares_{};
  double growth_ = 1, growth_at_ = 1, end_ = 1;
  int siblings_ = 0;
  std::optional<std::pair<Point, double>> ended_;
  std::unique_ptr<TransformPath> path_;
  std::optional<Bracket> bracket_;
};

}  // namespace

std::unique_ptr<BracketSource> make_transform_source(ChainContext& chain) {
  return std::make_unique<TransformSource>(chain);
}

}  // namespace dflare
