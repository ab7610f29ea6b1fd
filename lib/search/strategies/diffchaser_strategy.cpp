#include <algorithm>

#include "dflare/random.hpp"
#include "search/strategies/strategies.hpp"

namespace dflare {
namespace {

// The paper's algorithm has a population size m and a mutation rate r2. We found no published
// values, nor how parents are selected and pixels crossed over and mutated: all of that is ours.
// Of twenty settings tried on MNIST and CIFAR-10 pairs these are among the three that needed the
// fewest queries; larger populations need more.
constexpr std::size_t kPopulation = 9;  // the best one and eight children
constexpr double kMutationRate = 0.05;  // of the values of an image
constexpr int kLargestStep = 255;       // grey levels, up or down
constexpr int kTournament = 2;          // individuals that compete to be a parent

/// The paper's k-uncertainty for k = 2: the larger, the closer the two best classes. It looks at
/// one model; that it is the original is ours.
double fitness_of(const Answer& answer) {
  float best = 0, second = 0;
  for (int c = 0; c < answer.original.classes; ++c) {
    const float score = answer.original[c];
    second = std::max(second, std::min(best, score));
    best = std::max(best, score);
  }
  return static_cast<double>(second) - best;
}

/// Each pixel, with all its channels, from either parent.
void crossover(const Image& a, const Image& b, Image& child, Random& random) {
  child.create(a.size(), a.type());
  const int channels = a.channels();
  for (int row = 0; row < a.rows; ++row) {
    const unsigned char *from_a = a.ptr(row), *from_b = b.ptr(row);
    unsigned char* to = child.ptr(row);
    for (int first = 0; first < a.cols * channels; first += channels) {
      const unsigned char* from = (random.bits() & 1) != 0 ? from_a : from_b;
      std::copy_n(from + first, channels, to + first);
    }
  }
}

unsigned char stepped(unsigned char value, Random& random) {
  const int moved = value + random.integer(-kLargestStep, kLargestStep);
  return static_cast<unsigned char>(std::clamp(moved, 0, 255));
}

void mutate(Image& image, Random& random) {
  const int values = image.cols * image.channels();
  for (int row = 0; row < image.rows; ++row) {
    unsigned char* pixels = image.ptr(row);
    for (int i = 0; i < values; ++i) {
      if (random.uniform() < kMutationRate) pixels[i] = stepped(pixels[i], random);
    }
  }
}

struct Individual {
  Image image;
  double fitness = 0;
};

bool less_fit(const Individual& a, const Individual& b) {
  return a.fitness < b.fitness;
}

class DiffchaserChain : public Chain {
 public:
  DiffchaserChain(const Options& options, const Seed& seed, const Answer& first)
      : options_(options),
        queries_left_(static_cast<std::size_t>(options.queries())),
        seed_(seed.image),
        random_(stream_key(options.rng_seed(), seed.id)),
        population_{{seed.image.clone(), fitness_of(first)}},
        next_(kPopulation) {}

  void propose(std::vector<Image>& mutants, Gradients&) override {
    if (children_done()) begin_generation();
    asked_ =
        std::min({kPopulation - next_, static_cast<std::size_t>(options_.batch()), queries_left_});
    queries_left_ -= asked_;
    for (std::size_t k = 0; k < asked_; ++k) {
      Image& child = next_population_[next_ + k].image;
      breed(child);
      mutants.push_back(child);
    }
  }

  void observe(const std::vector<Answer>& answers) override {
    for (std::size_t k = 0; k < asked_; ++k)
      next_population_[next_ + k].fitness = fitness_of(answers[k]);
    next_ += asked_;
    if (children_done()) end_generation();
  }

  std::vector<AppliedOperator> history(std::size_t) const override {
    return {{"diffchaser_generation", static_cast<double>(generation_), ""}};
  }

 private:
  bool children_done() const { return next_ == kPopulation; }

  void begin_generation() {
    ++generation_;
    next_population_.resize(kPopulation);
    next_ = 1;  // place 0 is the best one's, whose fitness is known
  }

  void end_generation() {
    std::swap(next_population_.front(),
              *std::max_element(population_.begin(), population_.end(), less_fit));
    std::swap(population_, next_population_);
  }

  void breed(Image& child) {
    const Image& a = parent();
    const Image& b = parent();
    crossover(a, b, child, random_);
    mutate(child, random_);
    if (options_.constraints().any()) options_.constraints().project(seed_, child);
  }

  const Image& parent() {
    const Individual* best = &any();
    for (int i = 1; i < kTournament; ++i) best = &std::max(*best, any(), less_fit);
    return best->image;
  }

  const Individual& any() {
    return population_[static_cast<std::size_t>(
        random_.integer(0, static_cast<int>(population_.size()) - 1))];
  }

  const Options& options_;
  std::size_t queries_left_;
  const Image seed_;
  Random random_;
  std::vector<Individual> population_;  // at first the seed image alone
  std::vector<Individual> next_population_;
  std::size_t next_;       // the first child not evaluated yet
  std::size_t asked_ = 0;  // children in the last propose()
  int generation_ = 0;
};

/// DiffChaser (Xie et al., IJCAI 2019): a genetic algorithm towards the original's decision
/// boundary, as a baseline.
class DiffchaserStrategy : public Strategy {
 public:
  explicit DiffchaserStrategy(const Options& options) : options_(options) {}
  std::unique_ptr<Chain> start(const Seed& seed, const Answer& first) const override {
    return std::make_unique<DiffchaserChain>(options_, seed, first);
  }

 private:
  Options options_;
};

}  // namespace

BuiltInStrategy diffchaser_strategy() {
  return {[](const Options& options) -> std::unique_ptr<Strategy> {
            return std::make_unique<DiffchaserStrategy>(options);
          },
          false};
}

}  // namespace dflare
