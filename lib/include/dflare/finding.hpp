#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dflare/deviation.hpp"
#include "dflare/distances.hpp"
#include "dflare/model.hpp"
#include "dflare/search.hpp"

namespace dflare {

/// Writes findings as they come, each into a folder of its own under `folder`, named after its seed
/// id:
///   seed.png, mutant.png, difference.png   exactly the 8-bit images; difference amplified for the
///   eye finding.json                           labels, scores, margin, queries, history,
///   distances, seed id, options, models
/// and run.json beside the folders: paths, times, workers, which may differ between equal runs.
/// Each finding's folder is written under another name and renamed when complete.
class FindingWriter : public SearchSink {
 public:
  /// Creates the folder; findings of an earlier run under it are removed. Throws FindingError if it
  /// cannot be written.
  FindingWriter(const std::string& folder, const Model& original, const Model& compressed,
                const SeedSet& seeds, const Options& options);
  ~FindingWriter() override;

  void deviation(const Deviation& deviation) override;
  /// Saves the image that made a model fail as failures/<seed id>/image.png with message.txt.
  void failure(const Failure& failure) override;

  /// Completes run.json.
  void finish(const SearchResult& result);

  const std::string& folder() const;
  /// Where the finding of a seed id is, or would be.
  std::string folder_of(const std::string& seed_id) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a replay saw.
struct Replay {
  std::string seed_id;
  bool deviates = false;
  int recorded_original_label = 0, recorded_compressed_label = 0;
  std::vector<float> original_scores, compressed_scores;
  int original_label = 0, compressed_label = 0;
  double margin = 0, recorded_margin = 0;
  Image seed, mutant;
  ModelInfo original, compressed;
  std::string folder;
  std::vector<std::string>
      warnings;  ///< "the compressed model's file has changed since", another LibTorch
};

/// Evaluates the saved mutant again, alone, on the models that run.json names. `original` and
/// `compressed` name other files to use instead. Throws FindingError if the folder is no finding,
/// or its models are not known or gone.
Replay replay(const std::string& folder, const std::string& original = "",
              const std::string& compressed = "");
/// On models at hand.
Replay replay(const std::string& folder, Model& original, Model& compressed);

}  // namespace dflare
