#include "assertion_record.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <mutex>

#include "dflare/statistics.hpp"
#include "output_folder.hpp"
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
  ::testing::Test::RecordProperty("findings" + suffix,
                                  options.write_findings() ? place.folder : "not written");
  return place;
}

void record_corpus(const std::string& suffix, const CorpusReport& report,
                   const std::vector<const CorpusFinding*>& findings) {
  if (!report.folder.empty())
    ::testing::Test::RecordProperty("corpus" + suffix, corpus_line(findings));
}

void record_properties(const std::string& suffix, const SearchResult& result,
                       const Options& options) {
  const Summary s = summarise(result);
  const auto record = [&suffix](const char* key, const std::string& value) {
    ::testing::Test::RecordProperty(key + suffix, value);
  };
  record("rate", fmt::format("{}", s.rate));
  record("found", std::to_string(s.found));
  record("as_it_is", std::to_string(s.as_it_is));
  record("seeds", std::to_string(s.seeds));
  record("queries", std::to_string(result.counts.queries));
  record("seconds", fmt::format("{:.3f}", result.wall_seconds));
  record("rng_seed", std::to_string(options.rng_seed()));
  if (options.objective() == Objective::worst) {
    record("mean_worst_margin", fmt::format("{}", s.mean_worst_margin));
    record("mean_worst_margin_interval",
           fmt::format("{} {}", s.worst_margin_interval.low, s.worst_margin_interval.high));
    record("largest_margin", fmt::format("{}", s.largest_margin));
  }
  if (options.objective() == Objective::closest && s.deviating() > 0) {
    record("smallest_closeness", fmt::format("{}", s.smallest_closeness));
    record("mean_closeness", fmt::format("{}", s.mean_closeness));
  }
}

}  // namespace dflare::gtest
