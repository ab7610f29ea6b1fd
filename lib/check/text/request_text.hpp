#pragma once

#include <string>

#include "dflare/options.hpp"

namespace dflare::checking {

/// What a search was asked for, where that is not simply any deviation of any mutant: "margin >=
/// 0.2; rotate 10 degrees; 20 queries a seed input". Empty for the default criterion, objective,
/// constraints and ranges.
std::string request_text(const Options& options);

/// The budgets in all or in seconds that are set: "queries_in_all 500, seconds 60"; empty for none.
std::string budgets_text(const Options& options);

}  // namespace dflare::checking
