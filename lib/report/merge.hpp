#pragma once

#include <vector>

#include "report/report.hpp"

namespace dflare::report {

/// A folder of findings that was read.
struct Run {
  Pair pair;
  bool named = false;  ///< by the user himself, rather than found below a folder he named
};

/// Makes one pair of the shards of a run: runs on the same models, seeds and options, that have the
/// same name or were named one by one. A seed's finding is taken from the first run that has it.
std::vector<Pair> merged(std::vector<Run> runs);

}  // namespace dflare::report
