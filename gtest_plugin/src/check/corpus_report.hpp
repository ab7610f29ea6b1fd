#pragma once

#include <string>
#include <vector>

#include "check/expectation.hpp"
#include "check/verdict.hpp"
#include "dflare/corpus.hpp"

namespace dflare::gtest {

/// What the corpus of a test or pair said, and what became of it.
struct CorpusReport {
  std::string folder;  ///< absolute; empty: there is no corpus
  CorpusMode mode = CorpusMode::both;
  std::size_t held = 0;                 ///< findings it holds, those of other shards included
  std::vector<CorpusFinding> findings;  ///< replayed
  bool stopped = false;                 ///< before all of it was replayed
  std::size_t added = 0;                ///< by the search

  std::size_t count(CorpusState state) const;
  /// As asked for.
  bool searched_nothing() const { return !folder.empty() && mode == CorpusMode::replay_only; }
};

/// The folder of a test or pair in the corpus that the options name, absolute; empty for none.
std::string corpus_folder(const Options& options, const std::string& name);

/// The findings that break the expectation: that still deviate, and more than it allows. For a
/// rate, all that still deviate if the seed inputs they are of are too many among `seeds` ones.
std::vector<const CorpusFinding*> breaking(const std::vector<const CorpusFinding*>& findings,
                                           const Expectation& expectation, std::size_t seeds);

/// Fails where findings break the expectation, and where nothing was tested in mode replay-only.
Verdict judge_corpus(const CorpusReport& report, const std::vector<const CorpusFinding*>& findings,
                     const Expectation& expectation, std::size_t seeds);

/// "12 findings replayed: 5 still deviate, 6 are fixed, 1 is no longer valid (other rotate)".
std::string corpus_line(const std::vector<const CorpusFinding*>& findings);

/// As results of seed inputs, for the tables of messages; the position is that in `findings`.
std::vector<SeedResult> as_seed_results(const std::vector<const CorpusFinding*>& findings);

std::vector<const CorpusFinding*> pointers_to(const std::vector<CorpusFinding>& findings);

}  // namespace dflare::gtest
