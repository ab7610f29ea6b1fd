#pragma once

#include <string>
#include <vector>

#include "check/text/failure_message.hpp"

namespace dflare::checking {

/// The seed inputs that deviate, the worst first: largest ExpectationKind::badness().
std::vector<const SeedResult*> worst_first(const SearchResult& result, const Options& options);

/// The first of them as a table, with a heading; `findings` is not empty.
std::string findings_table(const MessageContext& context,
                           const std::vector<const SeedResult*>& findings);

}  // namespace dflare::checking
