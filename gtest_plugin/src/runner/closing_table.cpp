#include "runner/closing_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "check/text/label_facts.hpp"
#include "check/text/text_table.hpp"
#include "check/verdict/corpus_report.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "runner/suite_of.hpp"

namespace dflare::gtest {
namespace {

using checking::agreement;
using checking::aligned;
using checking::corpus_line;
using checking::percent;
using checking::pointers_to;
using checking::TableRow;

constexpr std::size_t longest_name = 24, longest_error = 60;

/// With its end cut off where it is longer.
std::string cut(std::string text, std::size_t longest) {
  if (text.size() <= longest) return text;
  std::size_t end = longest - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;  // within UTF-8
  return text.substr(0, end) + "...";
}

const char* name_of(PairState state) {
  switch (state) {
    case PairState::passed:
      return "passed";
    case PairState::failed:
      return "FAILED";
    case PairState::not_tested:
      return "ERROR";
    case PairState::interrupted:
      return "interrupted";
    case PairState::not_begun:
      return "not begun";
  }
  return "";
}

/// How many were judged, and of how many where these are not all.
std::string seeds_text(const Summary& s, std::size_t given) {
  return s.judged == given ? std::to_string(given) : fmt::format("{}/{}", s.judged, given);
}

std::string accuracy_text(const Summary& s) {
  const auto original = checking::original_accuracy(s),
             compressed = checking::compressed_accuracy(s);
  if (!original || !compressed) return "-";
  return fmt::format("{:.1f} -> {}", 100 * *original, percent(*compressed));
}

std::string deviations_text(const PairResult& r) {
  const Options& options = r.pair->options;
  return r.summary.judged == 0 ? "-" : checking::measured_by(options).column(r.summary, options);
}

TableRow cells_of(const ClosingRow& row) {
  TableRow cells = {cut(row.name, longest_name), name_of(row.state)};
  if (row.result == nullptr) return cells;
  const PairResult& r = *row.result;
  if (row.state == PairState::not_tested) {
    cells.push_back(cut(one_line_utf8(r.error), longest_error));
    return cells;
  }
  if (!r.searched) {
    cells.push_back("nothing searched; corpus: " +
                    cut(one_line_utf8(corpus_line(pointers_to(r.corpus.findings))), longest_error));
    return cells;
  }
  const auto agreed = agreement(r.summary);
  cells.insert(cells.end(), {seeds_text(r.summary, row.seeds_given),
                             agreed ? percent(*agreed) : "-", accuracy_text(r.summary),
                             deviations_text(r), std::to_string(r.figures.counts.queries)});
  return cells;
}

PairState state_of(const ::testing::TestSuite& suite, const PairResult& result) {
  if (!result.error.empty()) return PairState::not_tested;
  if (interrupted() && result.searched && !result.summary.complete()) return PairState::interrupted;
  return suite.Passed() ? PairState::passed : PairState::failed;
}

}  // namespace

std::vector<ClosingRow> closing_rows(const Manifest& manifest,
                                     const std::vector<PairResult>& results) {
  std::vector<ClosingRow> rows;
  int last = 0;
  for (const PairResult& result : results) last = std::max(last, result.iteration);
  for (const Pair& pair : manifest.pairs) {
    const ::testing::TestSuite* suite = suite_of(pair);
    if (suite == nullptr || suite->test_to_run_count() == 0) continue;
    ClosingRow row;
    row.name = pair.name;
    row.seeds_given = pair.seeds.size();
    for (const PairResult& result : results) {
      if (result.pair != &pair || result.iteration != last) continue;
      row.result = &result;
      row.state = state_of(*suite, result);
    }
    rows.push_back(row);
  }
  return rows;
}

std::string closing_table(const std::vector<ClosingRow>& rows) {
  if (rows.size() < 2) return "";
  std::vector<TableRow> table = {{"pair", "", "seeds", "agree", "accuracy", "deviate", "queries"}};
  for (const ClosingRow& row : rows) table.push_back(cells_of(row));
  return "\n" + aligned(table, "  rrr r");
}

}  // namespace dflare::gtest
