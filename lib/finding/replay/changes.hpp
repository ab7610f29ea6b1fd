#pragma once

#include <string>
#include <vector>

#include "finding/model_record.hpp"

namespace dflare {

/// Appends a sentence for each thing that is not as it was when the finding was made: the model's
/// file, its runtime, engine, device or input specification.
void append_changes(std::vector<std::string>& warnings, const std::string& which,
                    const ModelRecord& then, const ModelRecord& now);

}  // namespace dflare
