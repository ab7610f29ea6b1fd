#pragma once

/// @file
/// Findings on disk: written while a search runs, read and replayed later.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dflare/measurement.hpp"
#include "dflare/model.hpp"
#include "dflare/search.hpp"

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

  /// Encodes the pictures, for deviation() and for CorpusWriter::add(). Throws FindingError.
  void prepare(Deviation& deviation) override;
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

/// What a finding says of a model: enough to load and feed it in the same way.
struct ModelRecord {
  std::string file;      ///< name without folder; empty for a model that is no file
  std::string name;      ///< of a model that is no file: what its maker calls it, command, server
  std::string sha256,    ///< ModelInfo::sha256, as all that follow
      backend,           ///< "TorchScript", "process"
      runtime,           ///< with its version
      device,            ///< empty where it is not known
      engine;            ///< of quantised operators; else empty
  InputSpec input;       ///< Model::input()
  std::string scores{};  ///< ModelInfo::scores; empty in older files
  bool one_by_one = false;  ///< ModelInfo::one_by_one

  /// Whether it was loaded from a file.
  bool is_file() const { return !file.empty(); }
  /// Neither a file nor a process nor a server.
  bool in_memory() const { return !is_file() && backend != "process" && backend != "server"; }
};

/// A finding in figures, as tables and reports show it.
struct FindingFigures : DeviationRecord {
  std::string folder;             ///< of the finding
  std::string seed_id;            ///< of the seed input that it was found from
  std::optional<int> true_label;  ///< of that seed input, where it is known
  double difference_gain = 1;     ///< of difference.png
};

/// What finding.json says. All of it is data of whoever wrote it: nothing that it names is loaded,
/// started or contacted by reading it.
struct Finding : FindingFigures, OwnedAnswer {
  std::vector<AppliedOperator> history;        ///< of the mutant, first to last
  std::map<std::string, std::string> options;  ///< as text, by name; older versions lack some
  ModelRecord original,                        ///< before compression
      compressed;                              ///< after it
};

/// Reads the finding.json in a finding's folder, of whatever version; its pictures are not read.
/// Labels are classes of the scores, of which both models have as many. Throws FindingError naming
/// the file and what is wrong with it, if it is missing, damaged or of a newer dflare.
Finding read_finding(const std::string& folder);

/// What a replay saw: the measurement and the scores are those of now.
struct Replay : Measurement, OwnedAnswer {
  bool deviates = false;  ///< by the criterion of the finding; not Criteria::fixed()
  std::string criterion;  ///< as the finding has it: "label", "regret >= 0.2"
  Finding recorded;       ///< when it was found; its folder is absolute
  Image seed,             ///< of seed.png
      mutant;             ///< of mutant.png
  ModelInfo original,     ///< of the models that were asked now
      compressed;         ///< likewise
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
