#pragma once

#include <string>
#include <vector>

#include "dflare/strategy.hpp"

namespace dflare::gtest {

/// How a mutant was made, on one short line: "rotation 12.3 degrees, gaussian_noise x3".
std::string history_text(const std::vector<AppliedOperator>& history);

}  // namespace dflare::gtest
