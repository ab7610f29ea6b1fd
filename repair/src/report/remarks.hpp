#pragma once

#include <string>
#include <vector>

#include "dflare/repair_result.hpp"

namespace dflare::repair {

/// What a user should know beside the figures of `result`, whose rounds and measurements are there.
std::vector<std::string> remarks_on(const Result& result);

}  // namespace dflare::repair
