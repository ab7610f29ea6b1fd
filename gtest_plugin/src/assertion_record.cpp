#include "assertion_record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <mutex>

#include "check/expectation/kind.hpp"
#include "check/text/label_facts.hpp"
#include "flags/output_folder.hpp"
#include "program/plain_text.hpp"
#include "support/files.hpp"

namespace dflare::gtest {
namespace {

std::string running_test() {
  const auto* unit_test = ::testing::UnitTest::GetInstance();
  if (const auto* test = unit_test->current_test_info()) {
    return std::string(test->test_suite_name()) + "." + test->name();
  }
  // SetUpTestSuite() and the like
  if (const auto* suite = unit_test->current_test_suite()) return suite->name();
  return "outside_of_tests";
}

bool recorded(const std::string& key) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return false;
  for (int i = 0; i < test->result()->test_property_count(); ++i) {
    if (key == test->result()->GetTestProperty(i).key()) return true;
  }
  return false;
}

}  // namespace

void record_property(const std::string& key, const std::string& value) {
  ::testing::Test::RecordProperty(key, one_line_utf8(value));
}

AssertionPlace take_place(const Options& options) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  // GoogleTest forgets the properties when it repeats a test, and the count begins anew.
  int n = 1;
  std::string suffix;
  while (recorded("findings" + suffix)) suffix = fmt::format("_{}", ++n);

  AssertionPlace place;
  place.test = running_test();
  place.suffix = suffix;
  place.name = n == 1 ? place.test : fmt::format("{}-{}", place.test, n);
  place.folder = output_root(options) + "/" + safe_name(place.name);
  record_property("findings" + suffix, options.write_findings() ? place.folder : "not written");
  return place;
}

void record_result(const std::string& suffix, const CheckResult& result, const Options& options) {
  if (!result.corpus_text.empty()) record_property("corpus" + suffix, result.corpus_text);
  if (!result.searched) return;
  const Summary& s = result.summary;
  const auto record = [&suffix](const char* key, const std::string& value) {
    record_property(key + suffix, value);
  };
  record("rate", fmt::format("{}", s.rate));
  record("found", std::to_string(s.found));
  record("as_it_is", std::to_string(s.as_it_is));
  record("seeds", std::to_string(s.seeds));
  record("queries", std::to_string(result.search.counts.queries));
  record("seconds", fmt::format("{:.3f}", result.search.wall_seconds));
  record("rng_seed", std::to_string(options.rng_seed()));
  const auto record_share = [&](const char* key, const std::optional<double>& share) {
    if (share) record(key, fmt::format("{}", *share));
  };
  record_share("agreement", checking::agreement(s));
  record_share("original_accuracy", checking::original_accuracy(s));
  record_share("compressed_accuracy", checking::compressed_accuracy(s));
  if (s.deviations_labelled > 0) {
    record("deviations_original_right", std::to_string(s.deviations_original_right));
    record("deviations_compressed_right", std::to_string(s.deviations_compressed_right));
    record("deviations_neither_right", std::to_string(s.deviations_neither_right));
  }
  const checking::ExpectationKind& measure = checking::measured_by(options);
  if (!measure.has_figures(s)) return;
  for (const checking::NamedFigure& figure : measure.figures(s))
    record(figure.property.c_str(), fmt::format("{}", fmt::join(figure.values, " ")));
}

}  // namespace dflare::gtest
