#include "dflare/check.hpp"

#include "check/flow.hpp"
#include "dflare/error.hpp"
#include "program/interrupt.hpp"
#include "program/plain_text.hpp"

namespace dflare {

Check::Check(std::string check_name, ModelArgument original_model, ModelArgument compressed_model,
             SeedsArgument seed_inputs, const Expectation& expected)
    : Check(std::move(check_name), std::move(original_model), std::move(compressed_model),
            std::move(seed_inputs), expected, expected.default_options()) {}

Check::Check(std::string check_name, ModelArgument original_model, ModelArgument compressed_model,
             SeedsArgument seed_inputs, const Expectation& expected, Options search_options)
    : name(std::move(check_name)),
      original(std::move(original_model)),
      compressed(std::move(compressed_model)),
      seeds(std::move(seed_inputs)),
      expectation(expected),
      options(std::move(search_options)) {}

CheckResult Check::run() const {
  try {
    if (name.empty()) {
      throw ConfigError(
          "the check has no name, and its findings and its corpus are kept by it; give one that no "
          "other check has");
    }
    Check settled = *this;
    checking::settle(settled);
    if (interrupted()) return checking::interrupted_before(checking::headline_of(settled));
    return checking::run_settled(settled);
  } catch (...) {
    return checking::error_in_flight(checking::headline_of(*this));
  }
}

std::string CheckResult::message() const {
  return lines_utf8(headline) + (passed() ? ": " : "\n") + text;
}

}  // namespace dflare
