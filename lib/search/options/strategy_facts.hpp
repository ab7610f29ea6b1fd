#pragma once

#include <string>
#include <vector>

#include "dflare/option_row.hpp"

// What the options need to know of dflare's own strategies, which know the options.
namespace dflare {

/// The options that are one strategy's of them.
std::vector<OptionRow> built_in_options();

/// False for a strategy of dflare's own that makes no transformations.
bool may_transform(const std::string& strategy);

}  // namespace dflare
