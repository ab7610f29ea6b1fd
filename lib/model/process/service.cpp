#include "model/process/service.hpp"

#include <fmt/format.h>

#include "dflare/error.hpp"

namespace dflare {
namespace {

void check(double seconds, const char* limit) {
  if (seconds > 0) return;
  throw ConfigError(
      fmt::format("limits {}: {}; expected a number of seconds above 0", limit, seconds));
}

constexpr BreakerRules rules_of_starts = {
    2, /*stays_open=*/true, [](int failures, const std::string& last) {
      return fmt::format("could not be started {} times in a row, given up: {}", failures, last);
    }};
constexpr BreakerRules rules_of_answers = {
    20, /*stays_open=*/true, [](int failures, const std::string& last) {
      return fmt::format("failed {} times in a row, given up: {}", failures, last);
    }};

}  // namespace

Service::Service() : starts(rules_of_starts), answers(rules_of_answers) {}

void check(const ProcessLimits& limits) {
  check(limits.start_seconds, "start_seconds");
  check(limits.answer_seconds, "answer_seconds");
  if (limits.memory_mib < 0)
    throw ConfigError(fmt::format(
        "limits memory_mib: {}; expected a number of MiB, or 0 for no limit", limits.memory_mib));
}

Hello greet(Channel& child) {
  try {
    return parse_hello(child.hello());
  } catch (const ChildFailure& failure) {
    child.abandon();
    throw ModelError(explain(child, failure, ""));
  }
}

std::string explain(Channel& child, const ChildFailure& failure, const std::string& when) {
  std::string text = fmt::format("its process {}{}", failure.what(), when);
  const std::string printed = child.printed_last();
  if (!printed.empty()) text += fmt::format("; it printed last: '{}'", printed);
  return text + "; " + failure.advice();
}

}  // namespace dflare
