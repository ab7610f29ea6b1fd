#pragma once

#include "config/map_reader.hpp"
#include "dflare/model.hpp"

namespace dflare::config {

/// Sets what the entry gives, and leaves the rest as it is.
void read_input(const Entry& entry, InputSpec& input);

/// A specification that makes no sense is a mistake of the entry.
void check_input(const Entry& entry, const InputSpec& input);

}  // namespace dflare::config
