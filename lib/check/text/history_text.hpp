#pragma once

#include <string>
#include <vector>

#include "dflare/search.hpp"

namespace dflare::checking {

/// How a mutant was made, on one short line: "rotation 12.3 degrees, gaussian_noise x3".
std::string history_text(const std::vector<AppliedOperator>& history);

/// The same of a deviation: its transformation in words, where that alone made the mutant.
std::string mutant_text(const Deviation& deviation);

}  // namespace dflare::checking
