#pragma once

#include <string>

#include "corpus_report.hpp"
#include "dflare/options.hpp"
#include "dflare/search.hpp"

namespace dflare::gtest {

/// The place of an assertion within its test.
struct AssertionPlace {
  std::string test;    ///< "Suite.Test"
  std::string suffix;  ///< "" for the first assertion of a test, "_2", "_3", ...
  std::string name;    ///< "Suite.Test", "Suite.Test-2", ...
  std::string folder;  ///< of its findings, absolute
};

/// Takes the next place in the running test, and records its folder as property "findings".
AssertionPlace take_place(const Options& options);

/// Records what the corpus said as property "corpus", where there is one.
void record_corpus(const std::string& suffix, const CorpusReport& report,
                   const std::vector<const CorpusFinding*>& findings);

/// Records rate, found, as_it_is, seeds, queries, seconds and rng_seed as properties of the running
/// test, for GoogleTest's XML and JSON output; under the objective `worst` also mean_worst_margin,
/// its interval and largest_margin, under `closest` smallest_closeness and mean_closeness.
void record_properties(const std::string& suffix, const SearchResult& result,
                       const Options& options);

}  // namespace dflare::gtest
