#pragma once

#include <string>

#include "dflare/check.hpp"
#include "dflare/options.hpp"

namespace dflare::gtest {

/// The place of an assertion within its test.
struct AssertionPlace {
  std::string test;    ///< "Suite.Test"
  std::string suffix;  ///< "" for the first assertion of a test, "_2", "_3", ...
  std::string name;    ///< "Suite.Test", "Suite.Test-2", ...
  std::string folder;  ///< of its findings, absolute
};

/// Records a property of the running test, as valid UTF-8 on one line, whatever it quotes.
void record_property(const std::string& key, const std::string& value);

/// Takes the next place in the running test, and records its folder as property "findings".
AssertionPlace take_place(const Options& options);

/// Records as properties of the running test, for GoogleTest's XML and JSON output, what the corpus
/// said, where there is one; and of a search rate, found, as_it_is, seeds, queries, seconds and
/// rng_seed, agreement of the labels, both accuracies and who is right where the models deviate, as
/// far as they are known, and the figures of its objective (ExpectationKind::figures()).
void record_result(const std::string& suffix, const CheckResult& result, const Options& options);

}  // namespace dflare::gtest
