#pragma once

/// @file
/// What options choose among.

namespace dflare {

/// The rule by which the `dflare` strategy takes a mutant as its next image.
enum class Acceptance {
  reference,  ///< what the authors' program does: |p_o - p_c| moved by more than 1e-3, or the state
              ///< is new
  published,  ///< as in the paper: fitness plus 1 for a new state, not below the best so far
};

/// What a search from a seed input is after.
enum class Objective {
  first,    ///< any deviation; the first one ends the search
  closest,  ///< the deviation nearest to the seed input, within the budget
  worst,    ///< the worst deviation by Criteria::severity(), within the budget
};

/// What `closest` makes small.
enum class Distance {
  l2,        ///< Euclidean, grey levels
  l_inf,     ///< largest difference of a value, grey levels
  strength,  ///< of the transformation: norm of its parameters as shares of their ranges
};

/// What leads `boundary` to where the original changes its mind.
enum class PathKind {
  automatic,  ///< transform where ranges are given, blend to climb (objective worst, criteria other
              ///< than label), else gradient where the original has gradients, else transform
  transform,  ///< a random composition of transformations, t its strength
  blend,      ///< towards a seed input of another label
  gradient,   ///< along the sign of the original's gradient
  mutation,   ///< mutations that bring the original's two best classes together
};

/// What to do with seed inputs whose known label the original misses.
enum class Misclassified {
  keep,  ///< search from them as from others
  skip   ///< Outcome::skipped
};
/// What to do with seed images that cannot be read.
enum class Unreadable {
  error,  ///< Outcome::error, which fails an assertion
  skip    ///< Outcome::skipped
};

/// What a test makes of its corpus.
enum class CorpusMode {
  both,         ///< replay it, and search only where nothing in it fails the test
  replay_only,  ///< replay it, and search nothing
  search,       ///< search, and replay nothing
};

}  // namespace dflare
