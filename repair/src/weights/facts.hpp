#pragma once

#include <string>

#include "dflare/repair_result.hpp"
#include "dflare/repair_settings.hpp"

namespace dflare::repair {

/// What can be read off a TorchScript file. Of a model whose weights cannot be read, the size
/// alone.
Facts facts_of(const std::string& bytes, const std::string& engine);

/// What of the compression of `before` is not in `after`: pruned zeros, grids, int8 operators and
/// scales, size within 2 %. Empty: nothing is lost.
std::string lost_compression(const std::string& before, const std::string& after, const Kind& kind,
                             const std::string& engine);

}  // namespace dflare::repair
