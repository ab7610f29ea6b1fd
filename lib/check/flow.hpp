#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "check/search_task.hpp"
#include "dflare/check.hpp"

/// The one way that a check goes, whoever makes it: settle, replay the corpus, search, judge, say.
namespace dflare::checking {

/// Sets the objective of its options as its expectation needs it. Throws ConfigError for options or
/// a bound that make no sense.
void settle(Check& check);

/// "Digits.Int8: expected no deviation", unless it has a headline of its own.
std::string headline_of(const Check& check);

/// Of a settled check, for a search of all seed inputs. Throws SeedError where these cannot be
/// opened.
SearchJob job_of(const Check& check);

/// Waits for these blocks of a search, or for all of it, and judges. Never throws: what ended the
/// search is an error.
CheckResult result_of(SearchTask& task, const std::string& headline,
                      const std::optional<std::vector<std::size_t>>& blocks = std::nullopt);

/// Of a settled check. Throws SeedError.
CheckResult run_settled(const Check& check);

/// The exception that is being handled, as a result.
CheckResult error_in_flight(const std::string& headline);

/// Of what an interrupt ended before it began.
CheckResult interrupted_before(const std::string& headline);

}  // namespace dflare::checking
