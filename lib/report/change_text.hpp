#pragma once

#include <string>

#include "dflare/finding.hpp"

namespace dflare::report {

/// How the mutant of a finding was made, on one line: its transformation in words, else the
/// operators in their order, repeated ones together: "blend 50.8 %, gradient_step x3". Long ones
/// are cut short, and say so.
std::string change_text(const dflare::Finding& finding);

}  // namespace dflare::report
