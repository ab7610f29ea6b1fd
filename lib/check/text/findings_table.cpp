#include "check/text/findings_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "check/text/text_table.hpp"
#include "check/text/worst_mutants.hpp"
#include "program/plain_text.hpp"

namespace dflare::checking {
namespace {

/// What the table is ordered by has a column of its own, where it is no other column anyway.
TableRow heading(const Options& options) {
  TableRow row = {"seed", "original", "compressed"};
  const std::string extra = measured_by(options).extra_heading(options);
  if (!extra.empty()) row.push_back(extra);
  row.insert(row.end(), {"regret", "margin", "queries", "L-inf", "SSIM", "mutant"});
  return row;
}

TableRow finding_row(const MessageContext& c, const SeedResult& s) {
  const std::string id = c.id_of(s.position);
  TableRow row = {one_line_utf8(id),
                  fmt::format("{} ({})", s.original_label, percent(s.original_score)),
                  fmt::format("{} ({})", s.compressed_label, percent(s.compressed_score))};
  const ExpectationKind& measure = measured_by(c.options);
  if (!measure.extra_heading(c.options).empty()) row.push_back(measure.extra_cell(s));
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
  const ExpectationKind& measure = measured_by(options);
  if (findings > shown) return fmt::format("The {} {}:\n", shown, measure.worst_few(options));
  return fmt::format("They are, {} first:\n", measure.worst_first(options));
}

}  // namespace

std::vector<const SeedResult*> worst_first(const SearchResult& result, const Options& options) {
  std::vector<const SeedResult*> findings;
  for (const SeedResult& seed : result.seeds) {
    if (deviates(seed.outcome)) findings.push_back(&seed);
  }
  const ExpectationKind& measure = measured_by(options);
  std::stable_sort(findings.begin(), findings.end(), [&](const SeedResult* a, const SeedResult* b) {
    return measure.badness(*a, options) > measure.badness(*b, options);
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

}  // namespace dflare::checking
