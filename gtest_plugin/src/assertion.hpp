#pragma once

#include "dflare/check.hpp"

namespace dflare::gtest {

/// A check as an assertion of the running test: with the flags' options, a place of its own within
/// the test, its figures as properties, and a word on the console where it passes. The check's
/// headline is that of the message. Never throws: what goes wrong is an error.
CheckResult run_in_test(Check check);

}  // namespace dflare::gtest
