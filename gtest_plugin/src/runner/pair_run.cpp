#include "runner/pair_run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <utility>

#include "assertion_record.hpp"
#include "check/expectation/kind.hpp"
#include "check/expectation/words.hpp"
#include "check/flow.hpp"
#include "check/text/label_facts.hpp"
#include "check/text/summary_text.hpp"
#include "check/verdict/corpus_report.hpp"
#include "flags/flags.hpp"
#include "flags/output_folder.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "say.hpp"

namespace dflare::gtest {
namespace {

std::vector<BlockTest> tests_of(const Pair& pair) {
  std::vector<BlockTest> tests;
  const std::size_t blocks = block_count(pair.seeds.size(), pair.options);
  const std::string of_all_seeds = pair.expectation.kind().test_of_all_seeds();
  if (!of_all_seeds.empty()) tests.push_back({of_all_seeds, {}});
  for (std::size_t block = 0; block < blocks; ++block) {
    const Block range = block_at(block, pair.seeds.size(), pair.options);
    if (!of_all_seeds.empty()) {
      tests.front().blocks.push_back(block);
    } else {
      tests.push_back({fmt::format("seeds_{}_to_{}", range.begin, range.end - 1), {block}});
    }
  }
  return tests;
}

std::string findings_folder(const Pair& pair) {
  return output_root(pair.options) + "/" + pair.name + current_shard().suffix();
}

std::string said_at_end(const PairResult& row, const SearchResult& result) {
  std::string text;
  if (!row.corpus.folder.empty())
    text = "corpus: " + checking::corpus_line(checking::pointers_to(row.corpus.findings)) + "; ";
  if (!row.searched) return text + "nothing was searched";
  text += fmt::format("{}; {} queries in {:.1f} s, workers: {}",
                      checking::summary_line(row.summary, row.pair->options), result.counts.queries,
                      result.wall_seconds, result.workers);
  if (row.corpus.added > 0) text += fmt::format("; {} added to the corpus", row.corpus.added);
  return text;
}

/// The result without its seeds.
SearchResult figures_of(const SearchResult& result) {
  SearchResult figures;
  figures.counts = result.counts;
  figures.wall_seconds = result.wall_seconds;
  figures.cpu_seconds = result.cpu_seconds;
  figures.inference_seconds = result.inference_seconds;
  figures.workers = result.workers;
  return figures;
}

}  // namespace

PairRun::PairRun(const Pair& pair, std::string manifest, RunRecord& record)
    : pair_(pair), manifest_(std::move(manifest)), record_(record), tests_(tests_of(pair)) {}

std::vector<std::size_t> PairRun::blocks_to_run() const {
  std::set<std::string> selected;
  const auto* unit_test = ::testing::UnitTest::GetInstance();
  for (int s = 0; s < unit_test->total_test_suite_count(); ++s) {
    const auto* suite = unit_test->GetTestSuite(s);
    if (pair_.name != suite->name()) continue;
    for (int t = 0; t < suite->total_test_count(); ++t) {
      if (suite->GetTestInfo(t)->should_run()) selected.insert(suite->GetTestInfo(t)->name());
    }
  }
  std::vector<std::size_t> blocks;
  for (const BlockTest& test : tests_) {
    if (selected.count(test.name) == 0) continue;
    blocks.insert(blocks.end(), test.blocks.begin(), test.blocks.end());
  }
  return blocks;
}

Check PairRun::check_of_pair() const {
  const auto model = [](const ModelEntry& entry) {
    return ModelArgument(entry.source.name(), [&entry] { return entry.open(); });
  };
  Check check(pair_.name, model(pair_.original), model(pair_.compressed), pair_.seeds,
              pair_.expectation, pair_.options);
  check.options.stop(StopSignal());  // not shared with the other pairs, nor with another iteration
  check.folder = findings_folder(pair_);
  check.manifest = manifest_;
  check.progress = flags().get("progress").value_or("auto");
  return check;
}

void PairRun::start() {
  checking::SearchJob job = checking::job_of(check_of_pair());
  job.blocks = blocks_to_run();
  job.block_by_block = true;
  task_ = std::make_unique<checking::SearchTask>(std::move(job));
  reported_.clear();
  all_said_ = false;
}

std::string PairRun::headline(const std::string& test) const {
  return fmt::format("{}.{}: expected {}", pair_.name, test, pair_.expectation.text(pair_.options));
}

void PairRun::fail(const std::string& message) {
  failures_.push_back(message);
  ADD_FAILURE_AT(manifest_.c_str(), pair_.line) << message;
}

void PairRun::run_test(const BlockTest& test) {
  if (interrupted() && !task_)
    return fail(checking::interrupted_before(headline(test.name)).message());
  try {
    if (!task_) start();
    report(test);
  } catch (...) {
    report_error(checking::error_in_flight(headline(test.name)));
  }
}

void PairRun::report_error(const CheckResult& result) {
  record_.could_not_test = true;
  const std::string why = lines_utf8(result.error);
  fail(why == said_ ? result.headline + "\nThe pair could not be tested: see above"
                    : result.message());
  said_ = why;
}

void PairRun::report(const BlockTest& test) {
  const CheckResult result = checking::result_of(*task_, headline(test.name), test.blocks);
  record_result("", result, pair_.options);
  if (!result.error.empty()) return report_error(result);
  reported_.insert(test.blocks.begin(), test.blocks.end());
  if (result.searched)
    record_property("findings", result.folder.empty() ? "not written" : result.folder);
  if (!result.passed()) {
    fail(result.message());
    all_said_ = result.searched && tests_.size() == 1;
  } else if (!result.searched) {
    say(result.lines.front());
  } else if (const std::string rest = checking::reservation(result.summary); !rest.empty()) {
    say(fmt::format("passed, but of {}: {}", checking::seed_inputs(result.summary.seeds), rest));
  }
}

void PairRun::say_facts(const Summary& summary) const {
  for (const std::string& fact : checking::label_facts(summary))
    say(fmt::format("{}: {}", pair_.name, fact));
  for (const std::string& remark : task_->remarks())
    say(fmt::format("{}: note: {}", pair_.name, remark));
}

void PairRun::finish() {
  const std::vector<std::string> failures = std::exchange(failures_, {});
  if (!task_) return;
  // Tests that were to run and did not: --gtest_fail_fast
  if (reported_.size() < task_->job().blocks.size()) task_->request_stop();
  PairResult row;
  row.pair = &pair_;
  row.iteration = record_.iteration;
  row.failures = failures;
  try {
    const SearchResult& result = task_->wait();
    row.corpus = task_->wait_for_corpus();
    row.searched = !result.seeds.empty();
    if (row.searched) row.folder = task_->job().folder;
    row.summary = summarise(result);
    row.figures = figures_of(result);
    // All were skipped or failed, or a budget came first: nothing was tested.
    if (row.searched && row.summary.judged == 0 && !interrupted()) record_.could_not_test = true;
    say(fmt::format("{}: {}", pair_.name, said_at_end(row, result)));
    if (!all_said_) say_facts(row.summary);
  } catch (...) {
    row.error = checking::error_in_flight(pair_.name).error;
    record_.could_not_test = true;
    const std::string why = lines_utf8(row.error);
    std::fprintf(stderr, "dflare-test: %s could not be tested: %s\n", pair_.name.c_str(),
                 why == said_ ? "see above" : why.c_str());
  }
  row.original = task_->original();
  row.compressed = task_->compressed();
  row.examination = task_->examination();
  row.remarks = task_->remarks();
  record_.results.push_back(std::move(row));
  task_.reset();
}

}  // namespace dflare::gtest
