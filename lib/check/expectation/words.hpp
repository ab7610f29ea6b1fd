#pragma once

#include <cstddef>
#include <string>

#include "check/expectation/kind.hpp"

/// Words that the kinds of expectations and all messages share.
namespace dflare::checking {

/// "300 seed inputs", "1 seed input".
std::string seed_inputs(std::size_t n);

/// "12 findings", "1 finding".
std::string findings_text(std::size_t n);

/// "99.7 %".
std::string percent(double share);

/// "L2", "L-inf", "strength".
const char* distance_name(Distance distance);

/// The value with few digits, unless it then looks like the bound that it breaks.
std::string apart_from(double bound, double value);

/// "2 seed inputs lead to a deviation"
std::string lead_to_a_deviation(std::size_t seeds);

/// "2 findings of the corpus still deviate"
std::string still_deviate(std::size_t findings);

/// Refuses with ConfigError a bound of `what` that is no share: "the deviation rate allowed is 2;
/// expected a share of the seed inputs, 0 to 1".
void check_share(const char* what, double bound, const char* of);

/// Those of a corpus that still deviate and of which `beyond` is true.
template <class Beyond>
CorpusFindings deviating(const CorpusFindings& findings, const Beyond& beyond) {
  CorpusFindings those;
  for (const CorpusFinding* finding : findings) {
    if (finding->state == CorpusState::deviates && beyond(*finding)) those.push_back(finding);
  }
  return those;
}

}  // namespace dflare::checking
