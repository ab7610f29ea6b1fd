// The checks that dflare's assertions make, under another test framework: doctest. Link
// dflare::core.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <dflare/check.hpp>

#include "blobs.hpp"
#include "template_matcher.hpp"

namespace {

using dflare::Check;
using dflare::CheckResult;
using dflare::CheckVerdict;
using dflare::Expectation;

const auto original = std::make_shared<TemplateMatcher>(blobs::classes(), "blobs");

std::shared_ptr<dflare::Model> rounded_to(int levels) {
  return std::make_shared<TemplateMatcher>(blobs::classes(levels), "blobs, rounded");
}

/// What fails, is inconclusive or an error fails the test.
void expect(const CheckResult& result) {
  CHECK_MESSAGE(result.passed(), result.message());
  for (const std::string& line : result.lines) MESSAGE(line);
}

TEST_CASE("few deviate under everyday changes") {
  expect(Check("everyday", original, rounded_to(64), blobs::seeds(), Expectation::rate_le(0.1),
               dflare::everyday())
             .run());
}

// Whether one would notice: each of these is as it should be, and none is a pass.
TEST_CASE("a bad compression fails the test" * doctest::should_fail()) {
  expect(Check("two levels", original, rounded_to(2), blobs::seeds()).run());
}

TEST_CASE("what is no pass says why") {
  const CheckResult failed = Check("failed", original, rounded_to(2), blobs::seeds()).run();
  CHECK(failed.verdict == CheckVerdict::failed);
  CHECK(failed.summary.deviating() > 0);

  const CheckResult error = Check("error", original, "nowhere.pt", blobs::seeds()).run();
  CHECK(error.verdict == CheckVerdict::error);
  CHECK(error.error.find("nowhere.pt") != std::string::npos);

  const CheckResult nothing = Check("nothing", original, original, blobs::seeds().skip(12)).run();
  CHECK(nothing.verdict == CheckVerdict::inconclusive);
  CHECK(nothing.message().find("The seed set is empty") != std::string::npos);
}

}  // namespace
