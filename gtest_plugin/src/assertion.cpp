#include <fmt/format.h>

#include <cstdio>

#include "assertion_record.hpp"
#include "dflare/error.hpp"
#include "dflare/gtest.hpp"
#include "failure_message.hpp"
#include "flags.hpp"
#include "interrupt.hpp"
#include "search_task.hpp"

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

void say(const std::string& text) {
  std::printf("[ dflare   ] %s\n", text.c_str());
  std::fflush(stdout);
}

void check_rate(double rate) {
  if (rate >= 0 && rate <= 1) return;
  throw ConfigError(fmt::format(
      "the deviation rate allowed is {}; expected a share of the seed inputs, 0 to 1", rate));
}

AssertionResult search_and_judge(const std::string& call, const ModelArgument& original,
                                 const ModelArgument& compressed, const SeedsArgument& seeds,
                                 const Expectation& expectation, Options options) {
  flags().apply(options);
  options.check();
  if (expectation.rate_le) check_rate(*expectation.rate_le);
  if (interrupted()) return AssertionFailure() << call << "\nInterrupted before it began.";

  const AssertionPlace place = take_place(options);
  SearchTask task({place.test, [&] { return original.open(options.input()); },
                   [&] { return compressed.open(options.input()); }, seeds.open(), options,
                   options.write_findings() ? place.folder : ""});
  const SearchResult& result = task.wait();
  record_properties(place.suffix, result, options);

  const Summary summary = summarise(result);
  const Verdict verdict = judge(summary, expectation, options.require_complete(), interrupted());
  const std::string rest = reservation(summary);
  if (verdict.passed) {
    if (!rest.empty()) {
      say(fmt::format("{}: passed, but of {}: {}", place.test, seed_inputs(summary.seeds), rest));
    }
    return AssertionSuccess() << call << ": " << summary_line(summary);
  }
  const MessageContext context{call,
                               task.original(),
                               task.compressed(),
                               task.job().seeds.name(),
                               [&task](std::size_t i) { return task.job().seeds.id(i); },
                               task.job().folder,
                               task.failure_images(),
                               task.mutants()};
  return AssertionFailure() << failure_message(context, result, verdict);
}

/// Whatever goes wrong fails the assertion and never escapes from it.
AssertionResult check(const std::string& call, const ModelArgument& original,
                      const ModelArgument& compressed, const SeedsArgument& seeds,
                      const Expectation& expectation, const Options& options) {
  try {
    return search_and_judge(call, original, compressed, seeds, expectation, options);
  } catch (const std::exception& e) {
    return AssertionFailure() << call << "\nThe pair could not be tested: " << e.what();
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

SeedSet SeedsArgument::open() const {
  return seeds_ ? *seeds_ : SeedSet::open(path_);
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

AssertionResult DeviationRateLe::operator()(const char* original_text, const char* compressed_text,
                                            const char* seeds_text, const char* rate_text,
                                            const ModelArgument& original,
                                            const ModelArgument& compressed,
                                            const SeedsArgument& seeds, double rate) const {
  return check(call_text(assertion_, {original_text, compressed_text, seeds_text, rate_text}),
               original, compressed, seeds, {rate}, {});
}

AssertionResult DeviationRateLe::operator()(const char* original_text, const char* compressed_text,
                                            const char* seeds_text, const char* rate_text,
                                            const char* options_text, const ModelArgument& original,
                                            const ModelArgument& compressed,
                                            const SeedsArgument& seeds, double rate,
                                            const Options& options) const {
  return check(
      call_text(assertion_, {original_text, compressed_text, seeds_text, rate_text, options_text}),
      original, compressed, seeds, {rate}, options);
}

}  // namespace dflare::gtest
