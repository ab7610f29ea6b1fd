#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/distances.hpp"
#include "dflare/model.hpp"
#include "dflare/options.hpp"
#include "dflare/search.hpp"
#include "dflare/transformation.hpp"

namespace dflare {

/// What a finding of a corpus is on the models of today.
enum class CorpusState {
  deviates,   ///< still, by the criterion
  fixed,      ///< it does not any more
  not_valid,  ///< it says nothing of these models or of what is asked for now
};

/// A finding of a corpus, replayed: evaluated alone, from the saved mutant.
struct CorpusFinding {
  std::string folder;  ///< absolute
  std::string seed_id;
  CorpusState state = CorpusState::fixed;
  std::string why;  ///< of not_valid
  bool as_it_is = false;
  int recorded_queries = 0;
  double recorded_margin = 0;
  // On the models of today, unless not_valid:
  int original_label = -1, compressed_label = -1;
  float original_score = 0, compressed_score = 0;  ///< each model's probability of its own label
  double margin = 0;
  Distances distances;
  double closeness = 0;  ///< by Options::closest_by(); infinite where it has no such distance
  std::optional<Transformation> transformation;
};

/// Replays a corpus, which is a folder of findings, in the order of their names. Of findings of the
/// same seed input, labels, criterion, objective, constraints and ranges, that of the larger margin
/// alone. A finding is not valid where its criterion, constraints or ranges are others than those
/// of `options`, or a model cannot take its image. `wanted` says by seed id which are replayed;
/// null: all. A folder that is not there is an empty corpus. Throws FindingError for a damaged
/// finding or one of a newer dflare, ModelError for a model that fails; ends early after a stop.
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

  /// Not added where there is one of the same seed input, labels, criterion, objective, constraints
  /// and ranges of at least this margin; one of a smaller margin is removed. Throws FindingError.
  void add(const Deviation& deviation);
  std::size_t added() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dflare
