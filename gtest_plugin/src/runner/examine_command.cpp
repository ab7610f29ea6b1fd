#include "runner/examine_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>
#include <cstdio>

#include "dflare/examination.hpp"
#include "program/plain_text.hpp"
#include "runner/pair_run.hpp"

namespace dflare::gtest {
namespace {

/// As GoogleTest's patterns: * is any text, ? any letter.
bool matches(const char* text, const char* pattern) {
  if (*pattern == '*') return matches(text, pattern + 1) || (*text && matches(text + 1, pattern));
  if (*text == '\0' || *pattern == '\0') return *text == *pattern;
  return (*pattern == '?' || *pattern == *text) && matches(text + 1, pattern + 1);
}

bool matches_one_of(const std::string& name, const std::string& patterns) {
  std::vector<std::string> each;
  boost::split(each, patterns, boost::is_any_of(":"));
  return std::any_of(each.begin(), each.end(), [&](const std::string& pattern) {
    return matches(name.c_str(), pattern.c_str());
  });
}

/// Whether --gtest_filter, "these:and these-but:not these", selects a test: GoogleTest itself says
/// so only of tests that it is running.
bool selected(const std::string& test) {
  const std::string filter = GTEST_FLAG_GET(filter);
  const std::size_t but = filter.find('-');
  const std::string these = filter.substr(0, but);
  return matches_one_of(test, these.empty() ? "*" : these) &&
         (but == std::string::npos || !matches_one_of(test, filter.substr(but + 1)));
}

/// Whether any test of the pair would run.
bool is_to_be_examined(const Pair& pair, const std::string& manifest) {
  if (boost::starts_with(pair.name, "DISABLED_") && !GTEST_FLAG_GET(also_run_disabled_tests))
    return false;
  RunRecord record;
  const PairRun run(pair, manifest, record);
  return std::any_of(run.tests().begin(), run.tests().end(),
                     [&](const BlockTest& test) { return selected(pair.name + "." + test.name); });
}

/// Whether it could be examined.
bool examine_pair(const Pair& pair) {
  fmt::print("{}: {} -> {}\n", pair.name, one_line_utf8(pair.original.source.name()),
             one_line_utf8(pair.compressed.source.name()));
  std::fflush(stdout);
  try {
    const auto original = pair.original.open(), compressed = pair.compressed.open();
    const Examination seen = examine(*original, *compressed, pair.seeds, pair.options);
    for (const std::string& line : seen.lines) fmt::print("  {}\n", one_line_utf8(line));
    for (const std::string& remark : seen.remarks)
      fmt::print("  note: {}\n", one_line_utf8(remark));
    return true;
  } catch (const std::exception& e) {
    fmt::print("  error: {}\n", lines_utf8(e.what()));
    return false;
  }
}

}  // namespace

int examine_pairs(const Manifest& manifest) {
  std::size_t examined = 0, refused = 0;
  for (const Pair& pair : manifest.pairs) {
    if (!is_to_be_examined(pair, manifest.file)) continue;
    ++examined;
    if (!examine_pair(pair)) ++refused;
  }
  if (examined == 0) {
    throw ConfigError(fmt::format(
        "no pair was examined: --gtest_filter={} selects none of {}, or they are disabled (see "
        "--gtest_list_tests)",
        GTEST_FLAG_GET(filter), manifest.pairs.size()));
  }
  return refused > 0 ? 2 : 0;
}

}  // namespace dflare::gtest
