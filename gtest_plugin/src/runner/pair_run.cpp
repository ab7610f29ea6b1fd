#include "runner/pair_run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "assertion_record.hpp"
#include "check/label_facts.hpp"
#include "flags/output_folder.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "say.hpp"
#include "text/failure_message.hpp"
#include "text/summary_text.hpp"

namespace dflare::gtest {
namespace {

std::vector<BlockTest> tests_of(const Pair& pair) {
  std::vector<BlockTest> tests;
  const std::size_t blocks = block_count(pair.seeds.size(), pair.options);
  if (pair.expectation.rate_le) tests.push_back({"deviation_rate", {}});
  for (std::size_t block = 0; block < blocks; ++block) {
    const Block range = block_at(block, pair.seeds.size(), pair.options);
    if (pair.expectation.rate_le) {
      tests.front().blocks.push_back(block);
    } else {
      tests.push_back({fmt::format("seeds_{}_to_{}", range.begin, range.end - 1), {block}});
    }
  }
  return tests;
}

std::string findings_folder(const Pair& pair) {
  if (!pair.options.write_findings()) return "";
  return output_root(pair.options) + "/" + pair.name + current_shard().suffix();
}

std::string message_of(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something was thrown that is no std::exception";
  }
}

std::string said_at_end(const PairResult& row, const SearchResult& result) {
  std::string text;
  if (!row.corpus.folder.empty())
    text = "corpus: " + corpus_line(pointers_to(row.corpus.findings)) + "; ";
  if (!row.searched) return text + "nothing was searched";
  text += fmt::format("{}; {} queries in {:.1f} s, workers: {}",
                      summary_line(row.summary, row.pair->options), result.counts.queries,
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

void PairRun::start() {
  Options options = pair_.options;
  options.stop(StopSignal());  // not shared with the other pairs, nor with another iteration
  const auto loader = [](const ModelEntry& entry) { return [&entry] { return entry.open(); }; };
  task_ = std::make_unique<SearchTask>(
      SearchJob{pair_.name, loader(pair_.original), loader(pair_.compressed), pair_.seeds, options,
                findings_folder(pair_), blocks_to_run(), true,
                corpus_folder(pair_.options, pair_.name), pair_.expectation});
  reported_.clear();
  all_said_ = false;
}

std::string PairRun::headline(const std::string& test) const {
  return fmt::format("{}.{}: expected {}", pair_.name, test,
                     expectation_text(pair_.expectation, pair_.options));
}

void PairRun::fail(const std::string& message) const {
  ADD_FAILURE_AT(manifest_.c_str(), pair_.line) << message;
}

void PairRun::run_test(const BlockTest& test) {
  if (interrupted() && !task_) return fail(headline(test.name) + "\nInterrupted before it began.");
  try {
    if (!task_) start();
    report(test);
  } catch (...) {
    record_.could_not_test = true;
    const std::string why = lines_utf8(message_of(std::current_exception()));
    fail(headline(test.name) +
         "\nThe pair could not be tested: " + (why == said_ ? "see above" : why));
    said_ = why;
  }
}

MessageContext PairRun::context_of(const BlockTest& test) const {
  return {headline(test.name),
          task_->original(),
          task_->compressed(),
          pair_.seeds.name(),
          [this](std::size_t i) { return pair_.seeds.id(i); },
          task_->job().folder,
          task_->failure_images(),
          task_->mutants(),
          pair_.options,
          pair_.expectation,
          task_->remarks(),
          "",
          manifest_};
}

bool PairRun::report_corpus(const BlockTest& test) {
  const CorpusReport& corpus = task_->wait_for_corpus();
  const std::vector<const CorpusFinding*> findings = task_->corpus_of(test.blocks);
  record_corpus("", corpus, findings);
  const std::size_t seeds = pair_.seeds.size();
  const Verdict verdict = judge_corpus(corpus, findings, pair_.expectation, seeds);
  if (verdict.passed && !corpus.searched_nothing()) return false;
  reported_.insert(test.blocks.begin(), test.blocks.end());
  if (verdict.passed) {
    say(fmt::format("passed; corpus: {}; nothing was searched", corpus_line(findings)));
  } else {
    fail(corpus_failure_message(context_of(test), corpus.folder, seeds, findings,
                                breaking(findings, pair_.expectation, seeds), verdict));
  }
  return true;
}

void PairRun::report(const BlockTest& test) {
  if (report_corpus(test)) return;
  const auto begin = std::chrono::steady_clock::now();
  SearchResult part;
  for (const std::size_t block : test.blocks) {
    for (SeedResult& seed : task_->wait_for_block(block)) {
      part.counts.queries += static_cast<std::uint64_t>(seed.queries);
      part.counts.gradients += static_cast<std::uint64_t>(seed.gradients);
      part.seeds.push_back(std::move(seed));
    }
    reported_.insert(block);
  }
  part.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  record_properties("", part, pair_.options);
  const std::string& folder = task_->job().folder;
  record_property("findings", folder.empty() ? "not written" : folder);

  const Summary summary = summarise(part);
  const Verdict verdict = judge(part, pair_.expectation, pair_.options, interrupted());
  if (!verdict.passed) {
    MessageContext context = context_of(test);
    const auto replayed = task_->corpus_of(test.blocks);
    if (!replayed.empty()) context.corpus = corpus_line(replayed);
    fail(failure_message(context, part, verdict));
    all_said_ = tests_.size() == 1;
  } else if (const std::string rest = reservation(summary); !rest.empty()) {
    say(fmt::format("passed, but of {}: {}", seed_inputs(summary.seeds), rest));
  }
}

void PairRun::say_facts(const Summary& summary) const {
  for (const std::string& fact : label_facts(summary)) say(fmt::format("{}: {}", pair_.name, fact));
  for (const std::string& remark : task_->remarks())
    say(fmt::format("{}: note: {}", pair_.name, remark));
}

void PairRun::finish() {
  if (!task_) return;
  // Tests that were to run and did not: --gtest_fail_fast
  if (reported_.size() < task_->job().blocks.size()) task_->request_stop();
  PairResult row;
  row.pair = &pair_;
  row.iteration = record_.iteration;
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
    row.error = message_of(std::current_exception());
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
