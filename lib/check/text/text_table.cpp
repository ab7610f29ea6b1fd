#include "check/text/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dflare::checking {

std::string aligned(const std::vector<TableRow>& rows, const std::string& sides) {
  const std::size_t columns = rows.front().size();
  std::vector<std::size_t> widths(columns);
  for (const TableRow& row : rows) {
    const std::size_t own = row.size() < columns ? row.size() - 1 : columns;
    for (std::size_t i = 0; i < own; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool right = i < sides.size() && sides[i] == 'r' && row.size() == columns;
      text += right ? fmt::format("  {:>{}}", row[i], widths[i])
                    : fmt::format("  {:<{}}", row[i], widths[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

}  // namespace dflare::checking
