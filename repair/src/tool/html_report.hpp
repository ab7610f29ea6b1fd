#pragma once

#include "dflare/repair.hpp"

namespace dflare::repair {

/// Writes report.html into `out`, of what repair() wrote there: before, control and repaired, and
/// the findings of the unseen seeds.
void write_html_report(const Settings& settings);

}  // namespace dflare::repair
