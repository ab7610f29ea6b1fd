#include "assertion.hpp"

#include <fmt/format.h>

#include "assertion_record.hpp"
#include "check/flow.hpp"
#include "check/verdict/corpus_report.hpp"
#include "dflare/gtest.hpp"
#include "flags/flags.hpp"
#include "program/interrupt.hpp"
#include "say.hpp"

namespace dflare::gtest {
namespace {

using ::testing::AssertionResult;

std::string call_text(const char* assertion, std::initializer_list<const char*> arguments) {
  std::string text;
  for (const char* argument : arguments) text += (text.empty() ? "" : ", ") + std::string(argument);
  return fmt::format("{}({})", assertion, text);
}

AssertionResult judged(const std::string& call, const ModelArgument& original,
                       const ModelArgument& compressed, const SeedsArgument& seeds,
                       const Expectation& expectation, const Options& options) {
  Check check("", original, compressed, seeds, expectation, options);
  check.headline = call;
  const CheckResult result = run_in_test(std::move(check));
  return AssertionResult(result.passed()) << result.message();
}

}  // namespace

CheckResult run_in_test(Check check) {
  try {
    flags().apply(check.options);
    checking::settle(check);
    if (interrupted()) return checking::interrupted_before(check.headline);
    const AssertionPlace place = take_place(check.options);
    check.name = place.test;
    check.folder = place.folder;
    check.corpus = checking::corpus_folder(check.options, place.name);
    check.progress = flags().get("progress").value_or("auto");
    CheckResult result = checking::run_settled(check);
    record_result(place.suffix, result, check.options);
    for (const std::string& line : result.lines) say(place.test + ": " + line);
    return result;
  } catch (...) {
    return checking::error_in_flight(check.headline);
  }
}

AssertionResult NoDeviation::operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const ModelArgument& original,
                                        const ModelArgument& compressed,
                                        const SeedsArgument& seeds) const {
  return judged(call_text(assertion_, {original_text, compressed_text, seeds_text}), original,
                compressed, seeds, {}, {});
}

AssertionResult NoDeviation::operator()(const char* original_text, const char* compressed_text,
                                        const char* seeds_text, const char* options_text,
                                        const ModelArgument& original,
                                        const ModelArgument& compressed, const SeedsArgument& seeds,
                                        const Options& options) const {
  return judged(call_text(assertion_, {original_text, compressed_text, seeds_text, options_text}),
                original, compressed, seeds, {}, options);
}

AssertionResult BoundedDeviation::operator()(const char* original_text, const char* compressed_text,
                                             const char* seeds_text, const char* bound_text,
                                             const ModelArgument& original,
                                             const ModelArgument& compressed,
                                             const SeedsArgument& seeds, double bound) const {
  const Expectation expectation = Expectation::of(expectation_, bound);
  return judged(call_text(assertion_, {original_text, compressed_text, seeds_text, bound_text}),
                original, compressed, seeds, expectation, expectation.default_options());
}

AssertionResult BoundedDeviation::operator()(const char* original_text, const char* compressed_text,
                                             const char* seeds_text, const char* bound_text,
                                             const char* options_text,
                                             const ModelArgument& original,
                                             const ModelArgument& compressed,
                                             const SeedsArgument& seeds, double bound,
                                             const Options& options) const {
  return judged(
      call_text(assertion_, {original_text, compressed_text, seeds_text, bound_text, options_text}),
      original, compressed, seeds, Expectation::of(expectation_, bound), options);
}

}  // namespace dflare::gtest
