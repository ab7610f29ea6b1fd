#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "search/crossing/first_order.hpp"
#include "search/strategies/boundary/line_path.hpp"
#include "search/strategies/boundary/source.hpp"

namespace dflare {
namespace {

constexpr double kBeyond = 1.1;   // of the first-order distance to the boundary
constexpr double kLonger = 1.6;   // where the original does not give way there
constexpr double kLongest = 255;  // grey levels
constexpr int kMostGradients = 50;

class GradientSource : public BracketSource {
 public:
  explicit GradientSource(ChainContext& chain) : chain_(chain), from_(chain.seed.image) {}

  Step next(Gradients& gradients) override {
    if (bracket_) return give(bracket_);
    if (!path_ && !begin_path(gradients)) return {};
    return {std::nullopt, path_->at(end_)};
  }

  void observe(const Answer&, const Values& values) override {
    if (values.sum() < 0) {
      bracket_.emplace(Bracket{std::move(path_), last_, {end_, values}});
      return;
    }
    last_ = {end_, values};
    if (end_ >= limit_) {
      from_ = path_->at(end_);
      path_.reset();
    } else {
      end_ = std::min(end_ * kLonger, limit_);
    }
  }

  void skip() override { path_.reset(); }

  std::vector<AppliedOperator> history() const override { return path_->history(end_); }
  void ended(Bracket bracket, double t) override { from_ = bracket.path->at(t); }

 private:
  bool begin_path(Gradients& gradients) {
    if (paths_ == kMostGradients) return false;
    ++paths_;
    const cv::Mat gradient = gradients.original(from_, chain_.values.label(), chain_.runner_up);
    if (cv::norm(gradient) == 0) return false;
    cv::Mat seed;
    chain_.seed.image.convertTo(seed, CV_32F);
    const double step = kBeyond * first_order_l_inf(seed, gradient, chain_.first.original);
    // t counts grey levels.
    path_ = std::make_unique<LinePath>(chain_.seed.image, seed - sign_of(gradient), "gradient_step",
                                       chain_.new_key());
    limit_ = allowed_length(*path_, kLongest, chain_.seed.image, chain_.options.constraints());
    end_ = std::min(step, limit_);
    last_ = {0, chain_.first};
    return true;
  }

  ChainContext& chain_;
  Image from_;  // where the next gradient is taken
  std::unique_ptr<LinePath> path_;
  double end_ = 0, limit_ = 0;
  Point last_;
  std::optional<Bracket> bracket_;
};

}  // namespace

std::unique_ptr<BracketSource> make_gradient_source(ChainContext& chain) {
  return std::make_unique<GradientSource>(chain);
}

}  // namespace dflare
