#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dflare/random.hpp"
#include "dflare/strategy.hpp"
#include "search/crossing/crossing.hpp"
#include "search/strategies/boundary/path.hpp"

namespace dflare {

/// A part of a path at whose ends the sum of the models' values has opposite signs.
struct Bracket {
  std::unique_ptr<Path> path;
  Point low, high;
  std::optional<double> guess{};          ///< where to look first
  std::vector<AppliedOperator> before{};  ///< what made the image at the path's beginning
};

/// What all sources of one chain share.
struct ChainContext {
  const Options& options;
  const StrategyContext& context;
  Seed seed;
  LogRatio values;
  Values first;   ///< of the seed image
  int runner_up;  ///< the original's second-best class of the seed image
  Random random;

  std::uint32_t new_key() { return static_cast<std::uint32_t>(random.bits() >> 32) | 1U; }
};

/// Finds brackets, one after another; one file a kind.
class BracketSource {
 public:
  virtual ~BracketSource() = default;

  /// What a source does next: a bracket, or an image that it wants to have evaluated; neither when
  /// it has nothing more to try.
  struct Step {
    std::optional<Bracket> bracket;
    Image mutant;
  };
  virtual Step next(Gradients& gradients) = 0;
  /// The answer to the last Step's mutant.
  virtual void observe(const Answer& answer, const Values& values) = 0;
  /// In the place of observe(): the path of the last Step's mutant has led to a deviation.
  virtual void skip() = 0;
  /// Of the last Step's mutant.
  virtual std::vector<AppliedOperator> history() const = 0;
  virtual std::optional<Transformation> transformation() const { return std::nullopt; }
  /// The last bracket's search ended at t of its path, in vain.
  virtual void ended(Bracket /*bracket*/, double /*t*/) {}

  virtual int paths() const { return paths_; }

 protected:
  /// The step that gives a bracket away.
  static Step give(std::optional<Bracket>& bracket) {
    Step step;
    step.bracket = std::move(bracket);
    bracket.reset();
    return step;
  }

  int paths_ = 0;
};

/// The second begins once the first has nothing more to try.
std::unique_ptr<BracketSource> one_after_another(std::unique_ptr<BracketSource> first,
                                                 std::unique_ptr<BracketSource> second);

std::unique_ptr<BracketSource> make_transform_source(ChainContext& chain);
std::unique_ptr<BracketSource> make_blend_source(ChainContext& chain);
std::unique_ptr<BracketSource> make_gradient_source(ChainContext& chain);
std::unique_ptr<BracketSource> make_mutation_source(ChainContext& chain);

}  // namespace dflare
