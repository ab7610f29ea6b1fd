#include <algorithm>
#include <opencv2/core.hpp>

#include "search/strategies/boundary/line_path.hpp"
#include "search/strategies/boundary/source.hpp"

namespace dflare {
namespace {

class BlendSource : public BracketSource {
 public:
  explicit BlendSource(ChainContext& chain) : chain_(chain) {
    const auto& sample = chain.context.sample;
    std::vector<double> distances(sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) {
      if (sample[i].image.size() != chain.seed.image.size() ||
          sample[i].image.type() != chain.seed.image.type() ||
          chain.values(sample[i].answer()).sum() >= 0)
        continue;
      distances[i] = cv::norm(chain.seed.image, sample[i].image, cv::NORM_L2SQR);
      partners_.push_back(i);
    }
    std::sort(partners_.begin(), partners_.end(), [&](std::size_t a, std::size_t b) {
      if (wanted(a) != wanted(b)) return wanted(a);
      return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
    });
  }

  Step next(Gradients&) override {
    if (at_end_) return bracket(*at_end_);
    // Constraints may end a path before it comes to the partner, whose answer is known.
    if (next_ < partners_.size()) {
      const SampleSeed& partner = chain_.context.sample[partners_[next_++]];
      cv::Mat end;
      partner.image.convertTo(end, CV_32F);
      ++paths_;
      path_ = std::make_unique<LinePath>(chain_.seed.image, end, "blend", chain_.new_key());
      end_ = allowed_length(*path_, 1, chain_.seed.image, chain_.options.constraints());
      if (end_ < 1) return {std::nullopt, path_->at(end_)};
      return bracket(chain_.values(partner.answer()));
    }
    return {};
  }

  void observe(const Answer&, const Values& values) override {
    if (values.sum() < 0) at_end_ = values;
  }

  void skip() override {}

  std::vector<AppliedOperator> history() const override { return path_->history(end_); }

 private:
  /// Whether the way there crosses the boundary between the labels that the criterion wants.
  bool wanted(std::size_t partner) const {
    const auto labels = chain_.options.criterion().wanted_labels();
    if (!labels) return false;
    const int here = chain_.values.label();
    const int there = top_label(chain_.context.sample[partner].answer().original);
    return (here == labels->first && there == labels->second) ||
           (here == labels->second && there == labels->first);
  }

  Step bracket(const Values& at_end) {
    Step step;
    step.bracket.emplace(Bracket{std::move(path_), {0, chain_.first}, {end_, at_end}});
    at_end_.reset();
    return step;
  }

  ChainContext& chain_;
  std::vector<std::size_t> partners_;  // nearest first
  std::size_t next_ = 0;
  std::unique_ptr<LinePath> path_;
  double end_ = 1;
  std::optional<Values> at_end_;  // where constraints ended the path
};

}  // namespace

std::unique_ptr<BracketSource> make_blend_source(ChainContext& chain) {
  return std::make_unique<BlendSource>(chain);
}

}  // namespace dflare
