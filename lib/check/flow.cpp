#include "check/flow.hpp"

#include <fmt/format.h>

#include <chrono>

#include "check/expectation/words.hpp"
#include "check/text/failure_message.hpp"
#include "check/text/label_facts.hpp"
#include "check/text/summary_text.hpp"
#include "check/verdict/corpus_report.hpp"
#include "check/verdict/verdict.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "support/absolute_path.hpp"
#include "support/files.hpp"

namespace dflare::checking {
namespace {

std::string folder_of(const Check& check) {
  const Options& options = check.options;
  if (!options.write_findings()) return "";
  if (!check.folder.empty()) return absolute_path(check.folder);
  return absolute_path(options.out().empty() ? "dflare-findings" : options.out()) + "/" +
         safe_name(check.name);
}

void set_error_in_flight(CheckResult& result) {
  result.verdict = CheckVerdict::error;
  try {
    throw;
  } catch (const std::exception& e) {
    result.error = e.what();
  } catch (...) {
    result.error = "something was thrown that is no std::exception";
  }
  result.text = "The pair could not be tested: " + lines_utf8(result.error);
}

MessageContext context_of(const SearchTask& task) {
  const SearchJob& job = task.job();
  return {task.original(),
          task.compressed(),
          job.seeds.name(),
          [&job](std::size_t i) { return job.seeds.id(i); },
          job.folder,
          task.failure_images(),
          task.mutants(),
          job.options,
          job.expectation,
          task.remarks(),
          "",
          job.manifest};
}

/// Where the corpus alone decides.
void say_of_corpus(const SearchTask& task, const CorpusFindings& replayed,
                   const Judgement& judgement, CheckResult& result) {
  const SearchJob& job = task.job();
  result.verdict = judgement.verdict;
  if (judgement.passed()) {
    result.text = one_line_utf8(corpus_line(replayed));
    result.lines = {fmt::format("passed; corpus: {}; nothing was searched", result.text)};
    return;
  }
  const std::size_t seeds = job.seeds.size();
  result.text =
      corpus_failure_text(context_of(task), result.corpus.folder, seeds, replayed,
                          breaking(replayed, job.expectation, seeds, job.options), judgement);
}

SearchResult search_of_blocks(SearchTask& task, const std::vector<std::size_t>& blocks) {
  const auto begin = std::chrono::steady_clock::now();
  SearchResult part;
  for (const std::size_t block : blocks) {
    for (SeedResult& seed : task.wait_for_block(block)) {
      part.counts.queries += static_cast<std::uint64_t>(seed.queries);
      part.counts.gradients += static_cast<std::uint64_t>(seed.gradients);
      part.seeds.push_back(std::move(seed));
    }
  }
  part.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return part;
}

/// What is left to say of a pass.
std::vector<std::string> lines_of_pass(const MessageContext& context, const Summary& s,
                                       const std::vector<std::string>& facts) {
  std::string text = "passed";
  if (const std::string rest = reservation(s); !rest.empty())
    text += fmt::format(", but of {}: {}", seed_inputs(s.seeds), rest);
  text += "; " + summary_line(s, context.options);
  if (!context.corpus.empty()) text += "; corpus: " + context.corpus;
  std::vector<std::string> lines = {one_line_utf8(text)};
  lines.insert(lines.end(), facts.begin(), facts.end());
  for (const std::string& remark : context.remarks)
    lines.push_back("note: " + one_line_utf8(remark));
  return lines;
}

void judge_search(const SearchTask& task, const CorpusFindings& replayed, CheckResult& result) {
  const SearchJob& job = task.job();
  result.summary = summarise(result.search);
  MessageContext context = context_of(task);
  if (!replayed.empty()) context.corpus = result.corpus_text;
  const Judgement judgement = judge(result.search, job.expectation, job.options, interrupted());
  if (judgement.passed()) {
    const std::vector<std::string> facts = label_facts(result.summary);
    result.text = summary_line(result.summary, job.options);
    for (const std::string& fact : facts) result.text += "; " + fact;
    result.lines = lines_of_pass(context, result.summary, facts);
  } else {
    result.text = failure_text(context, result.search, judgement);
  }
  result.searched = true;
  result.verdict = judgement.verdict;
}

void judge_part(SearchTask& task, const std::optional<std::vector<std::size_t>>& blocks,
                CheckResult& result) {
  const SearchJob& job = task.job();
  if (!blocks) result.search = task.wait();
  result.corpus = task.wait_for_corpus();
  if (blocks) {
    std::vector<CorpusFinding> of_blocks;
    for (const CorpusFinding* finding : task.corpus_of(*blocks)) of_blocks.push_back(*finding);
    result.corpus.findings = std::move(of_blocks);
  }
  const CorpusFindings replayed = pointers_to(result.corpus.findings);
  if (!result.corpus.folder.empty()) result.corpus_text = corpus_line(replayed);
  const Judgement of_corpus =
      judge_corpus(result.corpus, replayed, job.expectation, job.seeds.size(), job.options);
  if (!of_corpus.passed() || result.corpus.searched_nothing())
    return say_of_corpus(task, replayed, of_corpus, result);
  if (blocks) result.search = search_of_blocks(task, *blocks);
  judge_search(task, replayed, result);
}

}  // namespace

void settle(Check& check) {
  settle(check.expectation, check.options);
  check.options.check();
}

std::string headline_of(const Check& check) {
  if (!check.headline.empty()) return check.headline;
  return fmt::format("{}: expected {}", one_line_utf8(check.name),
                     check.expectation.text(check.options));
}

SearchJob job_of(const Check& check) {
  const auto opened_by = [&check](const ModelArgument& model) {
    return [model, input = check.options.input()] { return model.open(input); };
  };
  SearchJob job{
      check.name,    opened_by(check.original), opened_by(check.compressed), check.seeds.open(),
      check.options, folder_of(check)};
  job.corpus =
      check.corpus.empty() ? corpus_folder(check.options, check.name) : absolute_path(check.corpus);
  job.expectation = check.expectation;
  job.progress = check.progress;
  job.manifest = check.manifest;
  return job;
}

CheckResult result_of(SearchTask& task, const std::string& headline,
                      const std::optional<std::vector<std::size_t>>& blocks) {
  CheckResult result;
  result.headline = headline;
  try {
    judge_part(task, blocks, result);
  } catch (...) {
    set_error_in_flight(result);
  }
  result.original = task.original();
  result.compressed = task.compressed();
  result.remarks = task.remarks();
  result.examination = task.examination();
  result.folder = task.job().folder;
  return result;
}

CheckResult run_settled(const Check& check) {
  SearchTask task(job_of(check));
  return result_of(task, headline_of(check));
}

CheckResult error_in_flight(const std::string& headline) {
  CheckResult result;
  result.headline = headline;
  set_error_in_flight(result);
  return result;
}

CheckResult interrupted_before(const std::string& headline) {
  CheckResult result;
  result.headline = headline;
  result.verdict = CheckVerdict::inconclusive;
  result.text = "Interrupted before it began.";
  return result;
}

}  // namespace dflare::checking
