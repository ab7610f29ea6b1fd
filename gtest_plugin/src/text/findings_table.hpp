#pragma once

#include <string>
#include <vector>

#include "text/failure_message.hpp"

namespace dflare::gtest {

/// The seed inputs that deviate, the worst first: largest regret (or margin, see
/// worst_by_margin()), or smallest distance under the objective `closest`.
std::vector<const SeedResult*> worst_first(const SearchResult& result, const Options& options);

/// The first of them as a table, with a heading; `findings` is not empty.
std::string findings_table(const MessageContext& context,
                           const std::vector<const SeedResult*>& findings);

}  // namespace dflare::gtest
