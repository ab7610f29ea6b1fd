#pragma once

#include <string>
#include <vector>

#include "check/expectation/kind.hpp"
#include "check/verdict/verdict.hpp"
#include "dflare/corpus.hpp"

namespace dflare::checking {

/// The folder of a test or pair in the corpus that the options name, absolute; empty for none.
std::string corpus_folder(const Options& options, const std::string& name);

/// ExpectationKind::breaking() of its kind.
CorpusFindings breaking(const CorpusFindings& findings, const Expectation& expectation,
                        std::size_t seeds, const Options& options);

/// Failed where findings break the expectation, and inconclusive where nothing was tested in mode
/// replay-only.
Judgement judge_corpus(const CorpusReport& report, const CorpusFindings& findings,
                       const Expectation& expectation, std::size_t seeds, const Options& options);

/// "12 findings replayed: 5 still deviate, 6 are fixed, 1 is no longer valid (other rotate)".
std::string corpus_line(const CorpusFindings& findings);

/// As results of seed inputs, for the tables of messages; the position is that in `findings`.
std::vector<SeedResult> as_seed_results(const CorpusFindings& findings);

CorpusFindings pointers_to(const std::vector<CorpusFinding>& findings);

}  // namespace dflare::checking
