#pragma once

/// @file
/// GoogleMock matchers on a pair of models, in namespace dflare; link dflare::gmock.
///
/// @code
///   EXPECT_THAT(compressed, AgreesWith(original, seeds));
///   EXPECT_THAT(compressed, AgreesWith(original, seeds, dflare::Options().rotate(10)));
///   EXPECT_THAT(compressed, AllOf(AgreesWith(original, seeds), Not(AgreesWith(older, seeds))));
///   EXPECT_THAT(broken, DeviatesFrom(original, seeds));
/// @endcode
///
/// The compressed model is a path, a std::shared_ptr<Model> or a Model&, as in dflare/gtest.hpp,
/// whose findings, flags and properties these share. What cannot be judged (a file that cannot be
/// read, a model that fails, no seed input) matches neither, and fails the test under Not() too.

#include <gmock/gmock.h>

#include <memory>
#include <ostream>
#include <type_traits>

#include "dflare/gtest.hpp"

namespace dflare {

/// So that GoogleMock prints a model by its name.
inline std::ostream& operator<<(std::ostream& out, const Model& model) {
  return out << model.info().name;
}

namespace gtest {

/// What AgreesWith() and DeviatesFrom() make. It and its copies search once for each compressed
/// model; write a new one where a model has changed.
class PairMatcher {
 public:
  /// What it matches.
  enum class Wanted { agreement, deviation };
  /// Where it was written, for the failure of what cannot be judged.
  struct Place {
    const char* file;  ///< of the source
    int line;          ///< in it, from 1
  };

  /// Searches nothing before a compressed model is matched.
  PairMatcher(Wanted wanted, ModelArgument original, SeedsArgument seeds, Options options,
              Place place);

  /// Searches, where this compressed model was not searched before. Says the figures, or the
  /// failure message, to the listener; fails the test where it cannot be judged.
  template <class M>
  bool MatchAndExplain(const M& compressed, ::testing::MatchResultListener* listener) const {
    if constexpr (std::is_base_of_v<Model, M>) {
      // EXPECT_THAT hands everything on as const, but to evaluate a model changes it.
      return match(ModelArgument(const_cast<M&>(compressed)), listener);
    } else {
      static_assert(std::is_constructible_v<ModelArgument, const M&>,
                    "a compressed model is a path, a std::shared_ptr<dflare::Model> or a "
                    "dflare::Model");
      return match(ModelArgument(compressed), listener);
    }
  }
  /// "agrees with a.pt on all mutants of 300 images", or "deviates from".
  void DescribeTo(std::ostream* out) const { describe(wanted_ == Wanted::agreement, out); }
  /// The other of the two.
  void DescribeNegationTo(std::ostream* out) const { describe(wanted_ == Wanted::deviation, out); }

 private:
  struct Searches;

  bool match(const ModelArgument& compressed, ::testing::MatchResultListener* listener) const;
  void describe(bool agreement, std::ostream* out) const;

  Wanted wanted_;
  ModelArgument original_;
  SeedsArgument seeds_;
  Options options_;
  Place place_;
  std::shared_ptr<Searches> searches_;
};

}  // namespace gtest

/// Matches where EXPECT_NO_DEVIATION(original, compressed, seeds, options) passes.
inline ::testing::PolymorphicMatcher<gtest::PairMatcher> AgreesWith(
    gtest::ModelArgument original, gtest::SeedsArgument seeds, const Options& options = {},
    const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return ::testing::MakePolymorphicMatcher(gtest::PairMatcher(gtest::PairMatcher::Wanted::agreement,
                                                              std::move(original), std::move(seeds),
                                                              options, {file, line}));
}

/// Matches where a seed input leads to a deviation, and none to an error.
inline ::testing::PolymorphicMatcher<gtest::PairMatcher> DeviatesFrom(
    gtest::ModelArgument original, gtest::SeedsArgument seeds, const Options& options = {},
    const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  return ::testing::MakePolymorphicMatcher(gtest::PairMatcher(gtest::PairMatcher::Wanted::deviation,
                                                              std::move(original), std::move(seeds),
                                                              options, {file, line}));
}

}  // namespace dflare
