#pragma once

#include <nlohmann/json.hpp>

#include "dflare/statistics.hpp"

namespace dflare {

/// On how many of the evaluated seed inputs the models agree as they are, and each is right.
/// Counts, which can be added up over shards.
nlohmann::ordered_json seeds_as_they_are_json(const Summary& summary);

/// Of the deviations whose true class is known, in how many which model is right.
nlohmann::ordered_json deviations_json(const Summary& summary);

}  // namespace dflare
