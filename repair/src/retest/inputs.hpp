#pragma once

#include <optional>
#include <vector>

#include "dflare/finding.hpp"
#include "retest/retest.hpp"

namespace dflare::repair {

/// One search of the unseen seeds. `found`: where its deviations go, in the order of the seeds.
/// Throws ModelError if the search met an error, Interrupted after `stop`.
std::optional<Summary> search_unseen(Model& original, const Candidate& candidate, Options options,
                                     const char* what, const Settings& settings,
                                     const OnStage& on_stage, const StopSignal& stop,
                                     std::vector<Deviation>* found = nullptr,
                                     FindingWriter* writer = nullptr);

/// The searches of the re-test.
Options first_options(const Settings& settings);
Options worst_options(const Settings& settings);
Options everyday_options(const Settings& settings);
Options dflare_options(const Settings& settings);

}  // namespace dflare::repair
