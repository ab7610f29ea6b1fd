#pragma once

#include <string>

#include "dflare/repair.hpp"

namespace dflare::repair {

/// Writes the reports into `out`, and the model, of these bytes, where Result::repaired_file says:
/// it gets its name last, so that there is none where anything else cannot be written. Then nothing
/// is left to be resumed. Throws Error.
void write_result(const Settings& settings, const Result& result, const std::string& model);

}  // namespace dflare::repair
