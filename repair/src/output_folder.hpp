#pragma once

#include <string>

#include "dflare/repair.hpp"

namespace dflare::repair {

// Rather now than after hours of training. All throw ConfigError naming the key and the folder.

/// Makes `out`, and tries whether the report and the model can be written.
void prepare_output(const Settings& settings);
/// The same without making or writing anything.
void check_output(const Settings& settings);

}  // namespace dflare::repair
