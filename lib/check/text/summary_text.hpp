#pragma once

#include <string>

#include "dflare/options.hpp"
#include "dflare/statistics.hpp"

namespace dflare::checking {

/// One line on a search, for the console: "2 of 300 seed inputs lead to a deviation (...)". It says
/// more under the objectives `closest` and `worst`.
std::string summary_line(const Summary& summary, const Options& options);

/// What a passing assertion must still say: seeds skipped, partly searched, not begun or cut short.
/// Empty where there is nothing to say.
std::string reservation(const Summary& summary);

}  // namespace dflare::checking
