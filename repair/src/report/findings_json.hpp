#pragma once

#include <string>

#include "retest/retest_pair.hpp"

namespace dflare::repair {

/// Every finding with its state before and after, as JSON: those of the unseen seeds, and those
/// that were trained on.
std::string findings_json(const Retested& retested);

}  // namespace dflare::repair
