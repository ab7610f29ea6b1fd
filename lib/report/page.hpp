#pragma once

#include <string>

#include "report/report.hpp"

namespace dflare::report {

/// The whole page, which needs nothing but itself. `folder` is where it will be, from which it
/// links to the findings' files. Throws FindingError where a picture is missing or damaged.
std::string page(const Report& report, const std::string& folder);

/// Writes it beside `file` and renames it there. Throws Error naming the file if it cannot be.
void write_page(const Report& report, const std::string& file);

}  // namespace dflare::report
