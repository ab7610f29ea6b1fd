#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dflare/random.hpp"
#include "judging/ranking.hpp"
#include "mutation/dither.hpp"
#include "search/ascent/archive.hpp"
#include "search/ascent/ascent.hpp"
#include "search/crossing/first_order.hpp"

namespace dflare {
namespace {

constexpr std::size_t kBest = 12;
constexpr double kPaths = 0.4;          // share of the queries
constexpr int kFewestOnPaths = 8;       // queries
constexpr double kGradientShare = 0.5;  // of the climbing steps, where there are gradients
constexpr double kFirstStep = 8;        // grey levels
constexpr double kLastStep = 0.5;       // grey levels

struct Seen {
  Image image;
  std::vector<AppliedOperator> history;
  int original_label = 0, compressed_label = 0;
  double original_lead = 0, compressed_lead = 0;  // of each model's label over the other's
};

class ImageAscent : public Chain {
 public:
  ImageAscent(const Options& options, const StrategyContext& context, const Seed& seed,
              const Answer& first, std::unique_ptr<Chain> paths, bool gradients)
      : options_(options),
        seed_(seed),
        rank_(options_, seed_, first),
        random_(stream_key(options.rng_seed(), seed.id + " ascent")),
        paths_(std::move(paths)),
        gradients_(gradients),
        best_(kBest) {
    remember({seed.image, {}}, first);
    for (const SampleSeed& other : context.sample) {
      if (other.image.size() == seed.image.size() && other.image.type() == seed.image.type())
        others_.push_back(&other);
    }
  }

  void propose(std::vector<Image>& mutants, Gradients& gradients) override {
    on_paths_ = asked_ < std::max(std::min(options_.queries(), kFewestOnPaths),
                                  static_cast<int>(kPaths * options_.queries()));
    if (on_paths_) {
      paths_->propose(mutants, gradients);
      on_paths_ = !mutants.empty();
    }
    if (!on_paths_ && asked_ < options_.queries()) {
      climb(gradients);
      if (options_.constraints().any()) options_.constraints().project(seed_.image, next_.image);
      mutants.push_back(next_.image);
    }
    asked_ += static_cast<int>(mutants.size());
    mutants_ = mutants;
  }

  void observe(const std::vector<Answer>& answers) override {
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (on_paths_) next_ = {mutants_[k], paths_->history(k)};
      const bool better = remember(next_, answers[k]);
      if (on_gradient_) step_ = better ? step_ * 1.5 : step_ * 0.5;
    }
    if (on_paths_) paths_->observe(answers);
  }

  std::vector<AppliedOperator> history(std::size_t k) const override {
    return on_paths_ ? paths_->history(k) : next_.history;
  }
  std::optional<Transformation> transformation(std::size_t k) const override {
    return on_paths_ ? paths_->transformation(k) : std::nullopt;
  }
  int paths() const override { return paths_->paths(); }

 private:
  bool remember(Seen seen, const Answer& answer) {
    seen.original_label = top_label(answer.original);
    seen.compressed_label = regretted_label(answer);
    const int a = seen.original_label, b = seen.compressed_label;
    const std::vector<float> compressed = rank_.at_scale(answer.compressed);
    seen.original_lead = answer.original[a] - answer.original[b];
    seen.compressed_lead =
        compressed[static_cast<std::size_t>(b)] - compressed[static_cast<std::size_t>(a)];
    return best_.add(rank_(answer), std::move(seen));
  }

  void climb(Gradients& gradients) {
    on_gradient_ = gradients_ && random_.uniform() < kGradientShare && follow_gradients(gradients);
    if (on_gradient_) return;
    const int kind = random_.integer(0, 3);
    if (kind == 0 && best_.size() > 1) return towards_another();
    if (kind == 1) return add_smooth_noise();
    if (kind == 2 && !others_.empty()) return towards_a_seed();
    mutate();
  }

  const Seen& base() const { return best_[0]; }

  cv::Mat floats(const Image& image) const {
    cv::Mat result;
    image.convertTo(result, CV_32F);
    return result;
  }

  void take(const cv::Mat& floats, AppliedOperator applied) {
    next_.history = base().history;
    next_.history.push_back(std::move(applied));
    next_.image = Image();
    dither(floats, static_cast<std::uint32_t>(random_.bits() >> 32) | 1U, next_.image);
  }

  void towards_another() {
    const auto other =
        static_cast<std::size_t>(random_.integer(1, static_cast<int>(best_.size()) - 1));
    const double along = random_.uniform(-0.3, 0.6);
    const cv::Mat from = floats(base().image), to = floats(best_[other].image);
    take(from + along * (to - from), {"towards_another", 100 * along, "%"});
  }

  void towards_a_seed() {
    const Image& other =
        others_[static_cast<std::size_t>(random_.integer(0, static_cast<int>(others_.size()) - 1))]
            ->image;
    const double along = random_.uniform(-0.15, 0.15);
    const cv::Mat from = floats(base().image), to = floats(other);
    take(from + along * (to - from), {"towards_a_seed", 100 * along, "%"});
  }

  void add_smooth_noise() {
    const double amplitude = std::exp(random_.uniform(std::log(1.0), std::log(30.0)));
    const int cells = random_.integer(3, 9);
    cv::Mat coarse(cells, cells, CV_32FC(seed_.image.channels())), noise;
    for (int y = 0; y < cells; ++y) {
      float* row = coarse.ptr<float>(y);
      for (int x = 0; x < cells * coarse.channels(); ++x)
        row[x] = static_cast<float>(amplitude * random_.normal());
    }
    cv::resize(coarse, noise, seed_.image.size(), 0, 0, cv::INTER_CUBIC);
    take(floats(base().image) + noise, {"smooth_noise", amplitude, "grey levels"});
  }

  void mutate() {
    const MutationSet& operators = options_.operators();
    const auto& op = operators[static_cast<std::size_t>(
        random_.integer(0, static_cast<int>(operators.size()) - 1))];
    next_.history = base().history;
    next_.image = Image();
    const double strength = op.apply(base().image, next_.image, random_);
    next_.history.push_back({op.name, strength, op.unit});
  }

  /// Along the sign of both models' gradients of how much each prefers its own label; false where
  /// there is no deviation yet, or all steps from here were in vain.
  bool follow_gradients(Gradients& gradients) {
    const Seen& from = base();
    if (from.original_label == from.compressed_label) return false;
    const auto wanted = options_.criterion().wanted_labels();
    if (wanted && *wanted != std::make_pair(from.original_label, from.compressed_label))
      return false;
    if (from.image.data != followed_.data) {
      followed_ = from.image;
      direction_ = direction_at(from, gradients);
      step_ = std::max(step_, kFirstStep);
    }
    if (step_ < kLastStep) return false;
    take(floats(from.image) + step_ * direction_, {"gradient_step", step_, "grey levels"});
    return true;
  }

  cv::Mat direction_at(const Seen& from, Gradients& gradients) const {
    const int a = from.original_label, b = from.compressed_label;
    const cv::Mat original = gradients.original(from.image, a, b);
    const cv::Mat compressed = gradients.compressed(from.image, b, a);
    const double n = std::max(cv::norm(original), 1e-30), m = std::max(cv::norm(compressed), 1e-30);
    // The less sure of the two has the margin, and a regret lasts while the compressed model keeps
    // to its label.
    return sign_of((1 - from.original_lead) / n * original +
                   (1 - from.compressed_lead) / m * compressed);
  }

  const Options& options_;
  Seed seed_;
  Ranking rank_;
  Random random_;
  std::unique_ptr<Chain> paths_;
  bool gradients_, on_paths_ = true, on_gradient_ = false;
  int asked_ = 0;
  cv::Mat followed_, direction_;  // the image whose gradients these are
  double step_ = kFirstStep;
  Archive<Seen> best_;
  std::vector<const SampleSeed*> others_;  // of the seed input's shape
  std::vector<Image> mutants_;
  Seen next_;
};

}  // namespace

std::unique_ptr<Chain> make_image_ascent(const Options& options, const StrategyContext& context,
                                         const Seed& seed, const Answer& first,
                                         std::unique_ptr<Chain> paths, bool gradients) {
  return std::make_unique<ImageAscent>(options, context, seed, first, std::move(paths), gradients);
}

}  // namespace dflare
