#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dflare/image.hpp"
#include "dflare/random.hpp"

namespace dflare {

/// A random change of an image. Operators are immutable and may be used by several threads.
struct MutationOperator {
  std::string name;  ///< as in findings and messages: "gaussian_noise"
  std::string unit;  ///< of the strength: "degrees", "px", "%"; may be empty
  /// Writes the mutant of `image`, of the same size and channels, to `mutant` (another matrix; its
  /// memory is reused where it fits) and returns how strong the change was, in `unit`. All
  /// randomness comes from `random`. Values are clipped to 0..255, never wrapped.
  std::function<double(const Image& image, Image& mutant, Random& random)> apply;
};

/// An ordered set of operators that a strategy chooses from.
class MutationSet {
 public:
  MutationSet() = default;

  /// `dflare` (the paper's seven), `photometric`, `geometric` or `all`. Throws ConfigError naming
  /// the known ones.
  static MutationSet named(const std::string& name);
  static const std::vector<std::string>& names();

  /// Adds an operator; throws ConfigError if the name is empty or taken or `apply` is empty.
  MutationSet& add(MutationOperator op);
  /// Adds an operator of one's own: mutant = f(image, random).
  MutationSet& add(const std::string& name, std::function<Image(const Image&, Random&)> f);

  std::size_t size() const { return operators_.size(); }
  const MutationOperator& operator[](std::size_t i) const { return *operators_[i]; }
  /// The operator of that name, or null.
  const MutationOperator* find(const std::string& name) const;

 private:
  std::vector<std::shared_ptr<const MutationOperator>> operators_;
};

}  // namespace dflare
