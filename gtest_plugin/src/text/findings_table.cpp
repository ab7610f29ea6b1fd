#include "text/findings_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/worst_mutants.hpp"
#include "program/plain_text.hpp"
#include "text/text_table.hpp"

namespace dflare::gtest {
namespace {

/// What the table is ordered by has a column of its own, where it is no other column anyway.
bool shows_closeness(const Options& options) {
  return options.objective() == Objective::closest && options.closest_by() != Distance::l_inf;
}

TableRow heading(const Options& options) {
  TableRow row = {"seed", "original", "compressed"};
  if (shows_closeness(options)) row.emplace_back(distance_name(options.closest_by()));
  row.insert(row.end(), {"regret", "margin", "queries", "L-inf", "SSIM", "mutant"});
  return row;
}

TableRow finding_row(const MessageContext& c, const SeedResult& s) {
  const std::string id = c.id_of(s.position);
  TableRow row = {one_line_utf8(id),
                  fmt::format("{} ({})", s.original_label, percent(s.original_score)),
                  fmt::format("{} ({})", s.compressed_label, percent(s.compressed_score))};
  if (shows_closeness(c.options)) row.push_back(fmt::format("{:.4g}", s.closeness));
  row.push_back(fmt::format("{:.3g}", s.regret));
  row.push_back(fmt::format("{:.3g}", s.margin));
  if (s.outcome == Outcome::as_it_is) {
    row.insert(row.end(), {"-", "-", "-", "the seed input itself, as it is"});
    return row;
  }
  const auto mutant = c.mutants.find(id);
  row.insert(row.end(), {std::to_string(s.queries), fmt::format("{:.0f}", s.distances.l_inf),
                         fmt::format("{:.3f}", s.distances.ssim),
                         mutant == c.mutants.end() ? "" : mutant->second});
  return row;
}

std::string caption(const Options& options, std::size_t findings, std::size_t shown) {
  if (findings == 1) return "It is:\n";
  const bool closest = options.objective() == Objective::closest;
  const std::string largest = fmt::format("largest {}", worst_name(worst_by_margin(options)));
  if (findings > shown)
    return fmt::format("The {} {}:\n", shown,
                       closest ? "nearest to their seed inputs" : "of " + largest);
  return fmt::format("They are, {} first:\n", closest ? "nearest" : largest);
}

}  // namespace

std::vector<const SeedResult*> worst_first(const SearchResult& result, const Options& options) {
  std::vector<const SeedResult*> findings;
  for (const SeedResult& seed : result.seeds) {
    if (deviates(seed.outcome)) findings.push_back(&seed);
  }
  const bool closest = options.objective() == Objective::closest;
  const bool by_margin = worst_by_margin(options);
  std::stable_sort(findings.begin(), findings.end(), [&](const SeedResult* a, const SeedResult* b) {
    if (closest) return a->closeness < b->closeness;
    return by_margin ? a->margin > b->margin : a->regret > b->regret;
  });
  return findings;
}

std::string findings_table(const MessageContext& c,
                           const std::vector<const SeedResult*>& findings) {
  const std::size_t shown = std::min(shown_findings, findings.size());
  std::vector<TableRow> rows = {heading(c.options)};
  for (std::size_t i = 0; i < shown; ++i) rows.push_back(finding_row(c, *findings[i]));
  std::string text = caption(c.options, findings.size(), shown) + aligned(rows);
  if (findings.size() > shown) text += fmt::format("  ... {} more\n", findings.size() - shown);
  return text;
}

}  // namespace dflare::gtest
