#pragma once

#include <string>

#include "check/corpus_report.hpp"
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

/// Records a property of the running test, as valid UTF-8 on one line, whatever it quotes.
void record_property(const std::string& key, const std::string& value);

/// Takes the next place in the running test, and records its folder as property "findings".
AssertionPlace take_place(const Options& options);

/// Records what the corpus said as property "corpus", where there is one.
void record_corpus(const std::string& suffix, const CorpusReport& report,
                   const std::vector<const CorpusFinding*>& findings);

/// Records rate, found, as_it_is, seeds, queries, seconds and rng_seed as properties of the running
/// test, for GoogleTest's XML and JSON output; agreement of the labels, both accuracies and who is
/// right where the models deviate, as far as they are known; under the objective `worst` also
/// mean_worst_regret, its interval and largest_regret, and the same of the margin, under `closest`
/// smallest_closeness and mean_closeness.
void record_properties(const std::string& suffix, const SearchResult& result,
                       const Options& options);

}  // namespace dflare::gtest
