#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace dflare::report {

/// Reads folders of results: folders of findings (those with a run.json), folders that
/// dflare-repair wrote into, and all such folders below. Shards of a run become one pair. Of a
/// repair, the findings of its unseen seeds are read, which say what it is worth. Throws
/// FindingError naming a folder that is none or holds no results, and any file that is damaged.
Report read_results(const std::vector<std::string>& folders);

}  // namespace dflare::report
