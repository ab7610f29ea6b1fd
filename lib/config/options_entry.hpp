#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/map_reader.hpp"
#include "dflare/options.hpp"

namespace dflare::config {

/// Sets the options of options_table() that the map gives, and leaves the rest as they are.
void read_options(const Entry& entry, Options& options);

/// The preset that the entry names.
void read_preset(const Entry& entry, Options& options);

/// The entries of a map, a preset before all others: the options add to it wherever they stand.
std::vector<std::pair<std::string, Entry>> preset_first(const Entry& entry,
                                                        const std::vector<std::string>& known);

}  // namespace dflare::config
