#pragma once

#include <string>
#include <vector>

namespace dflare::gtest {

/// The environment variables DFLARE_... that nothing of dflare reads, a warning each (with the
/// nearest one that it does read). Those that `manifest` (the text of a manifest, if any) names are
/// the user's own.
std::vector<std::string> unknown_variables(const std::string& manifest);

/// Prints them on standard error, as the words of `program`.
void warn_of_unknown_variables(const std::string& program, const std::string& manifest);

}  // namespace dflare::gtest
