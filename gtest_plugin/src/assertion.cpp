#include <fmt/format.h>

#include "assertion_record.hpp"
#include "check/label_facts.hpp"
#include "check/search_task.hpp"
#include "dflare/error.hpp"
#include "dflare/gtest.hpp"
#include "flags/flags.hpp"
#include "pair_assertion.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"
#include "say.hpp"
#include "text/failure_message.hpp"
#include "text/summary_text.hpp"

namespace dflare::gtest {
namespace {

using ::testing::AssertionFailure;
using ::testing::AssertionResult;
using ::testing::AssertionSuccess;

std::string call_text(const char* assertion, std::initializer_list<const char*> arguments) {
  std::string text;
  for (const char* argument : arguments) text += (text.empty() ? "" : ", ") + std::string(argument);
  return fmt::format("{}({})", assertion, text);
}

Expectation expectation_of(Bound bound, double value) {
  Expectation expectation;
  switch (bound) {
    case Bound::rate_le:
      expectation.rate_le = value;
      break;
    case Bound::regret_le:
      expectation.regret_le = value;
      break;
    case Bound::distance_ge:
      expectation.distance_ge = value;
      break;
  }
  return expectation;
}

/// Where no options are given. A search for the worst or the closest deviation uses its whole
/// budget for every seed input.
Options default_options(Bound bound) {
  return bound == Bound::rate_le ? Options() : Options().queries(200);
}

/// What a passing assertion says on the console, a line each.
std::vector<std::string> said_on_passing(const Summary& summary, const MessageContext& context) {
  const std::string rest = reservation(summary);
  std::string text = "passed";
  if (!rest.empty()) text += fmt::format(", but of {}: {}", seed_inputs(summary.seeds), rest);
  text += "; " + summary_line(summary, context.options);
  if (!context.corpus.empty()) text += "; corpus: " + context.corpus;
  std::vector<std::string> lines = {text};
  for (const std::string& fact : label_facts(summary)) lines.push_back(fact);
  for (const std::string& remark : context.remarks) lines.push_back("note: " + remark);
  return lines;
}

AssertionResult search_and_judge(const std::string& call, const ModelArgument& original,
                                 const ModelArgument& compressed, const SeedsArgument& seeds,
                                 Expectation expectation, Options options,
                                 std::optional<Summary>* figures) {
  flags().apply(options);
  check(expectation);
  set_objective(expectation, options);
  options.check();
  if (interrupted()) return AssertionFailure() << call << "\nInterrupted before it began.";

  const AssertionPlace place = take_place(options);
  SearchTask task({place.test,
                   [&] { return original.open(options.input()); },
                   [&] { return compressed.open(options.input()); },
                   seeds.open(),
                   options,
                   options.write_findings() ? place.folder : "",
                   {},
                   false,
                   corpus_folder(options, place.name),
                   expectation});
  const CorpusReport& corpus = task.wait_for_corpus();
  const SearchResult& result = task.wait();
  const std::vector<const CorpusFinding*> replayed = pointers_to(corpus.findings);
  MessageContext context{call,
                         task.original(),
                         task.compressed(),
                         task.job().seeds.name(),
                         [&task](std::size_t i) { return task.job().seeds.id(i); },
                         task.job().folder,
                         task.failure_images(),
                         task.mutants(),
                         options,
                         expectation,
                         task.remarks(),
                         replayed.empty() ? "" : corpus_line(replayed)};
  record_corpus(place.suffix, corpus, replayed);
  const std::size_t seeds_given = task.job().seeds.size();
  const Verdict of_corpus = judge_corpus(corpus, replayed, expectation, seeds_given);
  if (!of_corpus.passed && seeds_given > 0) {
    const auto broken = breaking(replayed, expectation, seeds_given);
    if (figures != nullptr && !broken.empty()) {
      SearchResult of_replays;
      of_replays.seeds = as_seed_results(broken);
      *figures = summarise(of_replays);
    }
    return AssertionFailure() << corpus_failure_message(context, corpus.folder, seeds_given,
                                                        replayed, broken, of_corpus);
  }
  if (corpus.searched_nothing() && seeds_given > 0) {
    say(place.test + ": passed; corpus: " + context.corpus + "; nothing was searched");
    return AssertionSuccess() << call << ": " << context.corpus;
  }
  record_properties(place.suffix, result, options);

  const Summary summary = summarise(result);
  if (figures != nullptr) *figures = summary;
  const Verdict verdict = judge(result, expectation, options, interrupted());
  if (verdict.passed) {
    std::string text = call + ": " + summary_line(summary, options);
    for (const std::string& fact : label_facts(summary)) text += "; " + fact;
    for (const std::string& line : said_on_passing(summary, context)) say(place.test + ": " + line);
    return AssertionSuccess() << text;
  }
  return AssertionFailure() << failure_message(context, result, verdict);
}

/// Whatever goes wrong fails the assertion and never escapes from it.
AssertionResult check(const std::string& call, const ModelArgument& original,
                      const ModelArgument& compressed, const SeedsArgument& seeds,
                      const Expectation& expectation, const Options& options,
                      std::optional<Summary>* figures = nullptr) {
  try {
    return search_and_judge(call, original, compressed, seeds, expectation, options, figures);
  } catch (const std::exception& e) {
    return AssertionFailure() << call << "\nThe pair could not be tested: " << lines_utf8(e.what());
  } catch (...) {
    return AssertionFailure() << call << "\nThe pair could not be tested: something was thrown "
                              << "that is no std::exception";
  }
}

}  // namespace

std::shared_ptr<Model> ModelArgument::open(const InputSpec& input) const {
  if (!in_memory_) return load(path_, input);
  if (!model_) throw ConfigError("a model is a null pointer; expected one that points to a model");
  return model_;
}

std::string ModelArgument::name() const {
  if (!in_memory_) return path_;
  return model_ ? model_->info().name : "a null pointer";
}

SeedSet SeedsArgument::open() const {
  return seeds_ ? *seeds_ : SeedSet::open(path_);
}

std::string SeedsArgument::name() const {
  return seeds_ ? fmt::format("{} {}", seeds_->size(), seeds_->name()) : path_;
}

AssertionResult assert_no_deviation(const std::string& call, const ModelArgument& original,
                                    const ModelArgument& compressed, const SeedsArgument& seeds,
                                    const Options& options, std::optional<Summary>& figures) {
  return check(call, original, compressed, seeds, {}, options, &figures);
}

AssertionResult NoDeviation::operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const ModelArgument& original,
                                        const ModelArgument& compressed,
                                        const SeedsArgument& seeds) const {
  return check(call_text(assertion_, {original_text, compressed_text, seeds_text}), original,
               compressed, seeds, {}, {});
}

AssertionResult NoDeviation::operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const char* options_text,
                                        const ModelArgument& original,
                                        const ModelArgument& compressed, const SeedsArgument& seeds,
                                        const Options& options) const {
  return check(call_text(assertion_, {original_text, compressed_text, seeds_text, options_text}),
               original, compressed, seeds, {}, options);
}

AssertionResult BoundedDeviation::operator()(const char* original_text, const char* compressed_text,
                                             const char* seeds_text, const char* bound_text,
                                             const ModelArgument& original,
                                             const ModelArgument& compressed,
                                             const SeedsArgument& seeds, double bound) const {
  return check(call_text(assertion_, {original_text, compressed_text, seeds_text, bound_text}),
               original, compressed, seeds, expectation_of(bound_, bound), default_options(bound_));
}

AssertionResult BoundedDeviation::operator()(const char* original_text, const char* compressed_text,
                                             const char* seeds_text, const char* bound_text,
                                             const char* options_text,
                                             const ModelArgument& original,
                                             const ModelArgument& compressed,
                                             const SeedsArgument& seeds, double bound,
                                             const Options& options) const {
  return check(
      call_text(assertion_, {original_text, compressed_text, seeds_text, bound_text, options_text}),
      original, compressed, seeds, expectation_of(bound_, bound), options);
}

}  // namespace dflare::gtest
