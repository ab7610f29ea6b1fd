#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "check/search_task.hpp"
#include "dflare/check.hpp"
#include "runner/manifest.hpp"
#include "runner/results_json.hpp"

namespace dflare::gtest {

/// What all pairs of a run add to.
struct RunRecord {
  std::vector<PairResult> results;
  /// A pair could not be tested (models that cannot be loaded, findings that cannot be written), so
  /// that the exit status is 2.
  bool could_not_test = false;
  int iteration = 0;
};

/// A GoogleTest test of a pair.
struct BlockTest {
  std::string name;
  std::vector<std::size_t> blocks;
};

/// The tests of one pair. The first of them that runs starts one search over the blocks of all that
/// will run; each reports its own block. Called by GoogleTest's thread alone.
class PairRun {
 public:
  PairRun(const Pair& pair, std::string manifest, RunRecord& record);

  /// One a block of seeds, or "deviation_rate" for an expectation over all of them.
  const std::vector<BlockTest>& tests() const { return tests_; }
  const Pair& pair() const { return pair_; }

  /// The body of a test. Fails it where the expectation does not hold.
  void run_test(const BlockTest& test);
  /// After the last test of the pair that ran: ends the search and records its result.
  void finish();

 private:
  Check check_of_pair() const;
  void start();
  void report(const BlockTest& test);
  void report_error(const CheckResult& result);
  std::vector<std::size_t> blocks_to_run() const;
  std::string headline(const std::string& test) const;
  void fail(const std::string& message);
  /// Facts and remarks, on the console.
  void say_facts(const Summary& summary) const;

  const Pair& pair_;
  std::string manifest_;
  RunRecord& record_;
  std::vector<BlockTest> tests_;
  std::unique_ptr<checking::SearchTask> task_;
  std::set<std::size_t> reported_;
  std::vector<std::string> failures_;  ///< of this iteration: messages
  std::string said_;                   ///< why the pair could not be tested
  bool all_said_ = false;              ///< by the message of the pair's only test
};

}  // namespace dflare::gtest
