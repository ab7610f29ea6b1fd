#pragma once

#include <string>
#include <vector>

#include "data/images.hpp"
#include "retest/retest.hpp"

namespace dflare::repair {

/// Every finding with its state before and after, as JSON: those of the unseen seeds, and those
/// that were trained on.
std::string findings_json(const UnseenInputs& unseen, const Result& result,
                          const std::vector<TrainingFinding>& training, Model& original,
                          Model& repaired);

}  // namespace dflare::repair
