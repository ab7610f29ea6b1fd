#pragma once

#include <string>
#include <vector>

namespace dflare::checking {

using TableRow = std::vector<std::string>;

/// Columns padded to the widest cell, two spaces before each, without spaces at the end of a line.
/// `sides` says by a letter a column that it stands at the right ('r'); it may be shorter. Rows may
/// have fewer cells than the first, whose last cell then goes on as far as it is long.
std::string aligned(const std::vector<TableRow>& rows, const std::string& sides = "");

}  // namespace dflare::checking
