#include "support/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <limits>
#include <locale>
#include <numeric>
#include <utility>

namespace dflare {
namespace {

std::string lower(const std::string& text) {
  return boost::algorithm::to_lower_copy(text, std::locale::classic());
}

/// The fewest letters inserted, deleted, replaced or swapped with their neighbour that turn a into
/// b (the distance of optimal string alignment).
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, last, row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

/// A third of the letters may be wrong, or one name may be the other's beginning.
bool may_be_meant(const std::string& name, const std::string& known, std::size_t distance) {
  const std::size_t shorter = std::min(name.size(), known.size());
  if (shorter < 2) return distance == 0;
  const std::size_t allowed = std::max<std::size_t>(1, std::max(name.size(), known.size()) / 3);
  return distance <= allowed || boost::algorithm::starts_with(known, name) ||
         boost::algorithm::starts_with(name, known);
}

}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& known) {
  std::string nearest;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : known) {
    const std::size_t distance = edits(lower(name), lower(candidate));
    if (distance < fewest && may_be_meant(lower(name), lower(candidate), distance)) {
      nearest = candidate;
      fewest = distance;
    }
  }
  return nearest;
}

std::string unknown_name(const std::string& kind, const std::string& name,
                         const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(name, known);
  const std::string hint = nearest.empty() ? "." : fmt::format("; did you mean '{}'?", nearest);
  return fmt::format("unknown {} '{}'{} Known: {}", kind, name, hint,
                     known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")));
}

}  // namespace dflare
