#pragma once

/// @file
/// The base classes of search strategies, and how to register one.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"
#include "dflare/transformation.hpp"

namespace dflare {

/// One operator in the history of a mutant.
struct AppliedOperator {
  std::string name;     ///< as MutationOperator::name
  double strength = 0;  ///< how strong the change was
  std::string unit;     ///< of the strength: "degrees", "px", "%"; may be empty
};

/// Gradients of a pair's models, as a chain gets them; each call is counted.
class Gradients {
 public:
  virtual ~Gradients() = default;
  /// d/d(pixel value) of log p[a] - log p[b] at the image: CV_32F, as many channels as the image.
  /// Throws ModelError if the model has no gradients or fails.
  virtual cv::Mat original(const Image& image, int a, int b) = 0;
  /// The same of the compressed model.
  virtual cv::Mat compressed(const Image& image, int a, int b) = 0;
};

/// The search from one seed input. The engine asks for mutants, evaluates them in batches with
/// those of other chains, and hands back the answers. What a chain proposes depends on its seed
/// input, its options and the answers alone.
class Chain {
 public:
  virtual ~Chain() = default;

  /// Appends the next mutants; none means that there is nothing more to try. The images must keep
  /// their pixels until observe() returns.
  virtual void propose(std::vector<Image>& mutants, Gradients& gradients) = 0;

  /// The answers to the mutants of the last propose(), in their order. Under the objective `first`
  /// a mutant that meets the criterion ends the chain before this is called.
  virtual void observe(const std::vector<Answer>& answers) = 0;

  /// How the k-th mutant of the last propose() was made from the seed input.
  virtual std::vector<AppliedOperator> history(std::size_t k) const = 0;
  /// Where it was made by a transformation alone: that transformation.
  virtual std::optional<Transformation> transformation(std::size_t /*k*/) const {
    return std::nullopt;
  }
  /// Paths tried so far, by strategies that follow paths.
  virtual int paths() const { return 0; }
};

/// One of the seed inputs that a strategy may use as examples.
struct SampleSeed {
  Image image;                         ///< at the original's input size
  std::vector<float> original_scores,  ///< probabilities for the image, one a class
      compressed_scores;               ///< likewise

  /// The scores; points into this object.
  Answer answer() const;
};

/// What a strategy learns before the first chain starts; the same for every shard and worker.
struct StrategyContext {
  std::vector<SampleSeed>
      sample;  ///< at most Strategy::sample_size(), drawn by Options::rng_seed()
  bool original_has_gradients = false,   ///< Model::has_gradients() of the original
      compressed_has_gradients = false;  ///< of the compressed model
  std::string original_name;             ///< for messages
};

/// The rule that the chains of a search follow. Immutable once prepared; shared by all workers.
class Strategy {
 public:
  virtual ~Strategy() = default;
  /// How many seed inputs prepare() is to get, at most.
  virtual std::size_t sample_size() const { return 0; }
  /// Called once, before start(). Throws ConfigError where the strategy cannot work with these
  /// models.
  virtual void prepare(StrategyContext) {}
  /// `first` is the answer to the seed input itself; valid during the call only.
  virtual std::unique_ptr<Chain> start(const Seed& seed, const Answer& first) const = 0;
};

/// Makes the strategy that a search with these options uses.
using StrategyFactory = std::function<std::unique_ptr<Strategy>(const Options&)>;

/// Makes a strategy known by name, to options and manifests. Throws ConfigError if the name is
/// taken. Not to be called while a search runs.
void register_strategy(const std::string& name, StrategyFactory factory);
/// The same of a strategy that has options of its own (whole_number_option(), ...): they are set by
/// set_option(), manifests and flags, and recorded in findings, where this strategy is used, and
/// refused by Options::check() elsewhere. Throws ConfigError also where the name of an option is
/// taken or could be that of no flag.
void register_strategy(const std::string& name, std::vector<OptionRow> options,
                       StrategyFactory factory);
/// Of dflare's own strategies and the registered ones: what only they have.
std::vector<OptionRow> strategy_options();
/// Of dflare's own strategies and the registered ones.
std::vector<std::string> strategy_names();
/// The strategy that Options::strategy() names. Throws ConfigError with the nearest name if there
/// is none of that name.
std::unique_ptr<Strategy> make_strategy(const Options& options);

}  // namespace dflare
