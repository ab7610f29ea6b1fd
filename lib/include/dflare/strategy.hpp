#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/options.hpp"
#include "dflare/seeds.hpp"

namespace dflare {

/// One operator in the history of a mutant.
struct AppliedOperator {
  std::string name;
  double strength = 0;
  std::string unit;
};

/// The search from one seed input. The engine asks for mutants, evaluates them in batches with
/// those of other chains, and hands back the answers. What a chain proposes depends on its seed
/// input, its options and the answers alone.
class Chain {
 public:
  virtual ~Chain() = default;

  /// Appends the next mutants; none means that there is nothing more to try. The images must keep
  /// their pixels until observe() returns.
  virtual void propose(std::vector<Image>& mutants) = 0;

  /// The answers to the mutants of the last propose(), in their order. A mutant that deviates ends
  /// the chain before this is called.
  virtual void observe(const std::vector<Answer>& answers) = 0;

  /// How the k-th mutant of the last propose() was made from the seed input.
  virtual std::vector<AppliedOperator> history(std::size_t k) const = 0;
};

/// The rule that the chains of a search follow. Immutable; shared by all workers.
class Strategy {
 public:
  virtual ~Strategy() = default;
  /// `first` is the answer to the seed input itself; valid during the call only.
  virtual std::unique_ptr<Chain> start(const Seed& seed, const Answer& first) const = 0;
};

using StrategyFactory = std::function<std::unique_ptr<Strategy>(const Options&)>;

/// Makes a strategy known by name, to options and manifests. Throws ConfigError if the name is
/// taken. Not to be called while a search runs.
void register_strategy(const std::string& name, StrategyFactory factory);
std::vector<std::string> strategy_names();
/// Throws ConfigError with the nearest name if there is none of that name.
std::unique_ptr<Strategy> make_strategy(const Options& options);

}  // namespace dflare
