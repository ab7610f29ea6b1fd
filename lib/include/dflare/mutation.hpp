#pragma once

/// @file
/// Mutation operators, and the sets of them that strategies choose from.

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

  /// The sets; what is drawn is uniform where nothing else is said:
  ///
  /// @verbatim
  ///   dflare       the paper's seven with the parameters of the authors' program: gaussian_noise
  ///                (variance 0.1 grey levels, truncated), salt_and_pepper (0.4 % of the values),
  ///                multiplicative_noise (v + v n, n normal of mean -50 to 50 % and variance up to
  ///                0.05), random_pixels (1 to 9 values), average_blur (kernel 1 to 5),
  ///                gaussian_blur and median_blur (kernel 1, 3, 5 or 7; 1 changes nothing)
  ///   photometric  brightness (1 to 32 grey levels up or down), contrast (factor e^-0.3 to e^0.3
  ///                about the image's mean), jpeg (quality 30 to 95)
  ///   geometric    translation (2/28 of each side at most), rotation (15 degrees at most), scale
  ///                (0.85 to 1.18), shear (0.2 at most); bilinear, about the centre, edges
  ///                replicated
  ///   all          the three together
  /// @endverbatim
  ///
  /// Throws ConfigError naming them if there is none of that name.
  static MutationSet named(const std::string& name);
  static const std::vector<std::string>& names();  ///< that named() knows: these, and registered

  /// Adds an operator; throws ConfigError if the name is empty or taken or `apply` is empty. In the
  /// set, `apply` throws ConfigError if the mutant it makes is not of the image's size and type.
  MutationSet& add(MutationOperator op);
  /// Adds an operator of one's own: mutant = f(image, random), of strength 0. `f` gets a copy of
  /// the image.
  MutationSet& add(const std::string& name, std::function<Image(const Image&, Random&)> f);

  std::size_t size() const { return operators_.size(); }  ///< number of operators
  /// In the order in which they were added, from 0; not checked.
  const MutationOperator& operator[](std::size_t i) const { return *operators_[i]; }
  /// The operator of that name, or null.
  const MutationOperator* find(const std::string& name) const;

 private:
  std::vector<std::shared_ptr<const MutationOperator>> operators_;
};

/// Makes a set known by name, to MutationSet::named(), options, manifests and flags. Throws
/// ConfigError if it is empty, or the name is empty or taken. Not to be called while a search runs.
void register_mutation_set(const std::string& name, const MutationSet& set);

}  // namespace dflare
