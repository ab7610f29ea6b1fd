#pragma once

#include <vector>

#include "dflare/mutation.hpp"

namespace dflare {

/// The groups of dflare's own operators, and the set that each is in, beside `all`. Another group
/// is a line here, and a file that defines GROUP_operators().
#define DFLARE_OPERATORS(IN_SET)   \
  IN_SET(dflare, noise)            \
  IN_SET(dflare, blur)             \
  IN_SET(photometric, photometric) \
  IN_SET(geometric, geometric)

#define DFLARE_OPERATORS_DECLARED(set, group) std::vector<MutationOperator> group##_operators();
DFLARE_OPERATORS(DFLARE_OPERATORS_DECLARED)
#undef DFLARE_OPERATORS_DECLARED

}  // namespace dflare
