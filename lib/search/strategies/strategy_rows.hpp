#pragma once

#include <vector>

#include "dflare/option_row.hpp"

// The options that are one strategy's of dflare's, in the file of the strategy.
namespace dflare {

std::vector<OptionRow> boundary_rows();
std::vector<OptionRow> dflare_rows();

}  // namespace dflare
