#pragma once

#include <string>
#include <vector>

#include "dflare/finding.hpp"
#include "dflare/repair.hpp"
#include "dflare/search.hpp"

namespace dflare::repair {

/// A search that is one stage of a repair.
struct SearchStage {
  std::string name;  ///< "searching the training seeds"
  const OnStage& on_stage;
  StopSignal stop;
  int workers = 0;
  FindingWriter* writer = nullptr;          ///< where findings are written, if anywhere
  std::vector<Deviation>* found = nullptr;  ///< where deviations go, in the order of the seeds

  /// Throws ModelError if the search met an error, Interrupted after `stop`.
  SearchResult run(Model& original, Model& compressed, const SeedSet& seeds, Options options) const;
};

}  // namespace dflare::repair
