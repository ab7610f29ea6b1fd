#pragma once

/// @file
/// Findings that are kept and replayed: a corpus.

#include <memory>
#include <string>
#include <vector>

#include "dflare/finding.hpp"
#include "dflare/measurement.hpp"
#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/search.hpp"

namespace dflare {

/// What a finding of a corpus is on the models of today.
enum class CorpusState {
  deviates,   ///< still: not Criteria::fixed()
  fixed,      ///< it does not any more
  not_valid,  ///< it says nothing of these models or of what is asked for now
};

/// A finding of a corpus, replayed: evaluated alone, from the saved mutant. The measurement is that
/// of the models of today, unless not_valid.
struct CorpusFinding : Measurement {
  FindingFigures recorded;                 ///< when it was found; the folder is absolute
  CorpusState state = CorpusState::fixed;  ///< on the models of today
  std::string why;                         ///< of not_valid
  Distances distances;                     ///< saved mutant to saved seed image
  double closeness = 0;  ///< by Options::closest_by(); infinite where it has no such distance
};

/// Replays a corpus, which is a folder of findings, in the order of their names. Of findings of the
/// same seed input, labels, criterion, objective, constraints and ranges, the worst alone: that of
/// the larger regret, or margin where that is the criterion's severity. A finding is not valid
/// where its criterion, constraints or ranges are others than those of `options`, or a model cannot
/// take its image. `wanted` says by seed id which are replayed; null: all. A folder that is not
/// there is an empty corpus. Throws FindingError for a damaged finding or one of a newer dflare,
/// ModelError for a model that fails; ends early after a stop.
std::vector<CorpusFinding> replay_corpus(
    const std::string& folder, Model& original, Model& compressed, const Options& options,
    const std::function<bool(const std::string& seed_id)>& wanted = nullptr);

/// Adds findings to a corpus as they are found. Other processes may add to the same folder at the
/// same time; a kill leaves complete findings only.
class CorpusWriter {
 public:
  /// Creates the folder. Throws FindingError if it cannot be made, or a finding in it is damaged.
  CorpusWriter(const std::string& folder, const Model& original, const Model& compressed,
               const Options& options);
  ~CorpusWriter();
  CorpusWriter(const CorpusWriter&) = delete;
  CorpusWriter& operator=(const CorpusWriter&) = delete;

  /// Encodes the pictures for add(), where SearchSink::prepare() can call it; add() does it where
  /// nothing did. Throws FindingError.
  void prepare(Deviation& deviation) const;
  /// Not added where there is one of the same seed input, labels, criterion, objective, constraints
  /// and ranges that is at least as bad (see replay_corpus()); a better one is removed. Throws
  /// FindingError.
  void add(const Deviation& deviation);
  std::size_t added() const;  ///< how many findings this writer put into the corpus

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dflare
