#include "runner/pair_tests.hpp"

#include <gtest/gtest.h>

namespace dflare::gtest {
namespace {

class PairTest : public ::testing::Test {
 public:
  PairTest(std::shared_ptr<PairRun> run, const BlockTest& test)
      : run_(std::move(run)), test_(test) {}
  void TestBody() override { run_->run_test(test_); }

 private:
  std::shared_ptr<PairRun> run_;
  const BlockTest& test_;  // the run's
};

/// Ends each pair's search after its tests, however they ended.
class PairListener : public ::testing::EmptyTestEventListener {
 public:
  PairListener(std::vector<std::shared_ptr<PairRun>> runs, RunRecord& record)
      : runs_(std::move(runs)), record_(record) {}

  void OnTestIterationStart(const ::testing::UnitTest&, int iteration) override {
    record_.iteration = iteration;
  }

  void OnTestSuiteEnd(const ::testing::TestSuite& suite) override {
    for (const auto& run : runs_) {
      if (run->pair().name == suite.name()) run->finish();
    }
  }

 private:
  std::vector<std::shared_ptr<PairRun>> runs_;
  RunRecord& record_;
};

}  // namespace

void register_pairs(const Manifest& manifest, RunRecord& record) {
  std::vector<std::shared_ptr<PairRun>> runs;
  for (const Pair& pair : manifest.pairs) {
    const auto run = std::make_shared<PairRun>(pair, manifest.file, record);
    for (const BlockTest& test : run->tests()) {
      ::testing::RegisterTest(pair.name.c_str(), test.name.c_str(), nullptr, nullptr,
                              manifest.file.c_str(), pair.line,
                              [run, &test]() -> PairTest* { return new PairTest(run, test); });
    }
    runs.push_back(run);
  }
  ::testing::UnitTest::GetInstance()->listeners().Append(new PairListener(std::move(runs), record));
}

}  // namespace dflare::gtest
