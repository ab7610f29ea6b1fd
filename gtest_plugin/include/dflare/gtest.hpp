#pragma once

/// @file
/// GoogleTest assertions on a pair of models:
///
/// @code
///   EXPECT_NO_DEVIATION(original, compressed, seeds);
///   EXPECT_NO_DEVIATION(original, compressed, seeds, dflare::Options().queries(500));
///   EXPECT_DEVIATION_RATE_LE(original, compressed, seeds, 0.03);
///   EXPECT_DEVIATION_RATE_LE(original, compressed, seeds, 0.03, options);
///   EXPECT_WORST_DEVIATION_LE(original, compressed, seeds, 0.2);
///   EXPECT_CLOSEST_DEVIATION_GE(original, compressed, seeds, 100);
/// @endcode
///
/// and the same with ASSERT_; the last two take options likewise. docs/assertions.md says which to
/// choose. A model is a path, a std::shared_ptr<Model> or a Model&; seeds are a
/// SeedSet or a path. Models given as a path are fed as Options::input() says. Whatever goes wrong
/// (a file that cannot be read, options that make no sense, a model that fails) fails the
/// assertion.
///
/// Findings go to `<out>/<Suite>.<Test>/`, where `<out>` is Options::out(), else the flag or
/// environment variable dflare_out (DFLARE_OUT), else "dflare-findings". A second assertion of one
/// test writes to `<Suite>.<Test>-2`, and so on. Figures are recorded as properties of the test
/// (rate, found, ...). Flags and environment variables (DFLARE_QUERIES=50) override options; see
/// README.

#include <gtest/gtest.h>

#include "dflare/arguments.hpp"
#include "dflare/options.hpp"

/// What the assertions and fixtures are made of.
namespace dflare::gtest {

using dflare::ModelArgument;
using dflare::SeedsArgument;

/// What EXPECT_NO_DEVIATION and ASSERT_NO_DEVIATION call; the texts are those of the arguments.
class NoDeviation {
 public:
  /// The macro's name, for messages; it must outlive the object.
  explicit NoDeviation(const char* assertion) : assertion_(assertion) {}

  /// Searches with the default options. Never throws: what goes wrong is a failure.
  ::testing::AssertionResult operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const ModelArgument& original,
                                        const ModelArgument& compressed,
                                        const SeedsArgument& seeds) const;
  /// Searches with these options. Never throws: what goes wrong is a failure.
  ::testing::AssertionResult operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const char* options_text,
                                        const ModelArgument& original,
                                        const ModelArgument& compressed, const SeedsArgument& seeds,
                                        const Options& options) const;

 private:
  const char* assertion_;
};

/// What DEVIATION_RATE_LE, WORST_DEVIATION_LE and CLOSEST_DEVIATION_GE call.
class BoundedDeviation {
 public:
  /// The macro's name, for messages, and the expectation's, as Expectation::of() takes it. Both
  /// must outlive the object.
  BoundedDeviation(const char* assertion, const char* expectation)
      : assertion_(assertion), expectation_(expectation) {}

  /// Searches with the default options of the assertion; `bound` is a share or regret, 0 to 1, or a
  /// distance. Never throws: what goes wrong is a failure.
  ::testing::AssertionResult operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const char* bound_text,
                                        const ModelArgument& original,
                                        const ModelArgument& compressed, const SeedsArgument& seeds,
                                        double bound) const;
  /// Searches with these options, but for the objective. Never throws: what goes wrong is a
  /// failure.
  ::testing::AssertionResult operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const char* bound_text,
                                        const char* options_text, const ModelArgument& original,
                                        const ModelArgument& compressed, const SeedsArgument& seeds,
                                        double bound, const Options& options) const;

 private:
  const char* assertion_;
  const char* expectation_;
};

}  // namespace dflare::gtest

#define DFLARE_NINTH_(a, b, c, d, e, f, g, h, ninth, ...) ninth
#define DFLARE_WRONG_COUNT_(...)                                                            \
  static_assert(false,                                                                      \
                "wrong number of arguments: NO_DEVIATION takes (original, compressed, "     \
                "seeds[, options]), DEVIATION_RATE_LE takes (original, compressed, seeds, " \
                "rate[, options]), WORST_DEVIATION_LE takes (original, compressed, seeds, " \
                "regret[, options]), CLOSEST_DEVIATION_GE takes (original, compressed, "    \
                "seeds, distance[, options])")

#define DFLARE_NO_DEVIATION_(KIND, ...)                                                     \
  DFLARE_NINTH_(__VA_ARGS__, DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, \
                DFLARE_WRONG_COUNT_, KIND##_PRED_FORMAT4, KIND##_PRED_FORMAT3,              \
                DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, )                                 \
  (::dflare::gtest::NoDeviation(#KIND "_NO_DEVIATION"), __VA_ARGS__)

#define DFLARE_BOUNDED_(KIND, NAME, EXPECTATION, ...)                                       \
  DFLARE_NINTH_(__VA_ARGS__, DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, \
                KIND##_PRED_FORMAT5, KIND##_PRED_FORMAT4, DFLARE_WRONG_COUNT_,              \
                DFLARE_WRONG_COUNT_, DFLARE_WRONG_COUNT_, )                                 \
  (::dflare::gtest::BoundedDeviation(#KIND "_" #NAME, EXPECTATION), __VA_ARGS__)

/// No seed input leads to a deviation: (original, compressed, seeds[, options]).
#define EXPECT_NO_DEVIATION(...) DFLARE_NO_DEVIATION_(EXPECT, __VA_ARGS__)
/// EXPECT_NO_DEVIATION that ends the test function where it fails.
#define ASSERT_NO_DEVIATION(...) DFLARE_NO_DEVIATION_(ASSERT, __VA_ARGS__)

/// At most this share of the seed inputs (0 to 1) leads to a deviation: (original, compressed,
/// seeds, rate[, options]). The point estimate decides; the message shows its 95 % interval.
#define EXPECT_DEVIATION_RATE_LE(...) \
  DFLARE_BOUNDED_(EXPECT, DEVIATION_RATE_LE, "deviation_rate_le", __VA_ARGS__)
/// EXPECT_DEVIATION_RATE_LE that ends the test function where it fails.
#define ASSERT_DEVIATION_RATE_LE(...) \
  DFLARE_BOUNDED_(ASSERT, DEVIATION_RATE_LE, "deviation_rate_le", __VA_ARGS__)

/// No deviation of a larger regret (0 to 1) is found: (original, compressed, seeds, regret[,
/// options]). Of the margin, where the options' criterion has `margin`. Searches with objective
/// `worst`; 200 queries a seed input where no options are given.
#define EXPECT_WORST_DEVIATION_LE(...) \
  DFLARE_BOUNDED_(EXPECT, WORST_DEVIATION_LE, "worst_deviation_le", __VA_ARGS__)
/// EXPECT_WORST_DEVIATION_LE that ends the test function where it fails.
#define ASSERT_WORST_DEVIATION_LE(...) \
  DFLARE_BOUNDED_(ASSERT, WORST_DEVIATION_LE, "worst_deviation_le", __VA_ARGS__)

/// No deviation nearer to its seed input is found: (original, compressed, seeds, distance[,
/// options]). The distance is that of Options::closest_by(), L2 in grey levels by default. Searches
/// with objective `closest`; 200 queries a seed input where no options are given.
#define EXPECT_CLOSEST_DEVIATION_GE(...) \
  DFLARE_BOUNDED_(EXPECT, CLOSEST_DEVIATION_GE, "closest_deviation_ge", __VA_ARGS__)
/// EXPECT_CLOSEST_DEVIATION_GE that ends the test function where it fails.
#define ASSERT_CLOSEST_DEVIATION_GE(...) \
  DFLARE_BOUNDED_(ASSERT, CLOSEST_DEVIATION_GE, "closest_deviation_ge", __VA_ARGS__)
