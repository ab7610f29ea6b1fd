#pragma once

/// @file
/// Findings on disk: written while a search runs, replayed later.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/distances.hpp"
#include "dflare/model.hpp"
#include "dflare/search.hpp"
#include "dflare/transformation.hpp"

namespace dflare {

/// Writes findings as they come, each into a folder of its own under `folder`, named after its seed
/// id:
///
/// @verbatim
///   seed.png, mutant.png   exactly the 8-bit images
///   difference.png         128 + gain * (mutant - seed), the largest difference stretched to 127
///   finding.json           labels, scores, regret, margin, queries, gradients, paths, history,
///                          transformation, distances, gain, seed id and true label, options
///                          (criterion among them), models; equal bytes in equal runs
/// @endverbatim
///
/// and run.json beside the folders, there from the start: paths, times, workers, which may differ
/// between equal runs. Each finding's folder is written under another name and renamed when
/// complete.
class FindingWriter : public SearchSink {
 public:
  /// Creates the folder. Findings and failures of an earlier run under it are removed, known by
  /// what dflare wrote into them; nothing else is. Throws FindingError if the folder cannot be
  /// written or holds a run.json that is not dflare's.
  FindingWriter(const std::string& folder, const Model& original, const Model& compressed,
                const SeedSet& seeds, const Options& options);
  ~FindingWriter() override;

  /// Throws FindingError if it cannot be written, or its folder is there already (a seed id that is
  /// not unique).
  void deviation(const Deviation& deviation) override;
  /// Saves the image that made a model fail as `failures/<seed id>/image.png` with message.txt; the
  /// message alone where there is no image.
  void failure(const Failure& failure) override;

  /// Completes run.json.
  void finish(const SearchResult& result);

  const std::string& folder() const;  ///< that the findings are written under
  /// Where the finding of a seed id is, or would be.
  std::string folder_of(const std::string& seed_id) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a replay saw.
struct Replay {
  std::string seed_id;    ///< as recorded, of the seed input that it was found from
  bool deviates = false;  ///< by the criterion of the finding; not Criteria::fixed()
  std::string criterion;  ///< as the finding has it: "label", "regret >= 0.2"
  /// That made the mutant of the seed image, where it was one alone.
  std::optional<Transformation> transformation;
  int recorded_original_label = 0,     ///< the original's top_label() when it was found
      recorded_compressed_label = 0;   ///< the compressed model's, regretted_label()
  std::vector<float> original_scores,  ///< probabilities for the mutant, one a class
      compressed_scores;               ///< likewise
  int original_label = 0,              ///< top_label() of the original's scores now
      compressed_label = 0;            ///< regretted_label() now
  double regret = 0,                   ///< deviation_regret() now
      recorded_regret = 0;             ///< and when it was found
  double margin = 0,                   ///< deviation_margin() now
      recorded_margin = 0;             ///< and when it was found
  Image seed,                          ///< of seed.png
      mutant;                          ///< of mutant.png
  ModelInfo original,                  ///< of the models that were asked now
      compressed;                      ///< likewise
  std::string folder;                  ///< absolute
  /// What is not as it was when the finding was made: a model's file, runtime, engine, device,
  /// input specification; a transformation that makes another mutant.
  std::vector<std::string> warnings;
};

/// A model that the user's own configuration names, as a replay runs it.
struct OwnModel {
  ModelSource source;      ///< a file, a command or a server
  bool isolate = false,    ///< LoadOptions::isolate
      sandbox = false;     ///< LoadOptions::sandbox
  ProcessLimits limits{};  ///< LoadOptions::limits
};

/// A pair of them, of a manifest for example.
struct OwnPair {
  std::string name;   ///< of several pairs that match, that of the finding's folder goes before
  OwnModel original,  ///< before compression
      compressed;     ///< after it
};

/// What a replay may load, start or contact. A finding is data: what it names is not run because it
/// names it.
struct ReplayTrust {
  /// Models are taken from the first pair that matches what the finding records: a file by its
  /// SHA-256, a command by its words, a server by its url and model. Input specification, device
  /// and engine are those of the finding.
  std::vector<OwnPair> pairs{};
  std::string pairs_from{};  ///< for messages: "pairs.yaml"
  /// Runs whatever run.json names, with this process's rights, environment and tokens.
  bool recorded = false;
};

/// Evaluates the saved mutant again, alone, on the given models, with the input specifications,
/// devices and engines of the finding, and judges it by the finding's criterion (older findings
/// have none: by label). `original` and `compressed` name model files; an empty one is found by
/// `trust`. Throws FindingError if the folder is no finding or a damaged one, its criterion is not
/// registered, its models are in memory or gone, or neither named nor trusted (the message shows
/// them); ModelError as load() and predict() do, and for models that the criterion makes no sense
/// for.
Replay replay(const std::string& folder, const std::string& original = "",
              const std::string& compressed = "", const ReplayTrust& trust = {});
/// On models at hand.
Replay replay(const std::string& folder, Model& original, Model& compressed);

}  // namespace dflare
