#pragma once

#include <string>
#include <string_view>

namespace dflare {

/// Of a file that is not what was asked for, told from its first bytes, to be put behind what it is
/// not: " (it is a tar archive: unpack it)". Empty where they say nothing.
std::string seen_as(std::string_view bytes);

}  // namespace dflare
