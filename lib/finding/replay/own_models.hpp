#pragma once

#include <string>

#include "dflare/finding.hpp"

namespace dflare {

/// The pair of the user's own that has the models of the finding: the one named as the folder that
/// the finding is in, else the first. A side that `given` names is not compared. Null: none has.
/// Throws Error where a file of a pair cannot be read.
const OwnPair* own_pair(const std::vector<OwnPair>& pairs, const Finding& finding,
                        bool original_given, bool compressed_given);

}  // namespace dflare
