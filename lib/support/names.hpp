#pragma once

#include <string>
#include <vector>

namespace dflare {

/// The known name with the fewest edits from `name`; empty if none is near enough to be meant.
std::string nearest_name(const std::string& name, const std::vector<std::string>& known);

/// "unknown strategy 'dflar'; did you mean 'dflare'? Known: dflare, random"
std::string unknown_name(const std::string& kind, const std::string& name,
                         const std::vector<std::string>& known);

}  // namespace dflare
